import { openArchive, type Archive } from './archive.ts';
import { textOfHtml } from './html.ts';
import { partPath, resolvePart } from './part-paths.ts';
import {
  damaged,
  joinParagraphs,
  problemsOf,
  readAs,
  wereOf,
  type ReadDocument,
  type Reading,
} from './reading.ts';
import { CharloomError } from '../../shared/errors.ts';
import { decodeXml, walkXml } from './xml.ts';

interface Item {
  readonly href: string;
  readonly properties: string;
}

/**
 * Reads an EPUB book (EPUB 2 and 3): its chapters in the order of its spine, each file once, without the navigation.
 * @throws CharloomError('bad-text') when it is damaged, copy-protected or beyond the limits
 */
export async function readEpub(bytes: Uint8Array, reading: Reading, opened?: Archive): Promise<ReadDocument> {
  const { name } = reading;
  const archive = opened ?? (await openArchive(bytes, name));
  await refuseProtected(archive, name);
  const packagePath = await findPackage(archive, name);
  const { chapters, outside } = await chaptersOf(archive, packagePath, name);
  const paragraphs: string[] = [];
  let pictures = 0;
  let missing = outside;
  for (const [index, chapter] of chapters.entries()) {
    const content = await archive.read(chapter);
    if (content === undefined) missing += 1;
    else {
      const page = textOfHtml(decodeXml(content), name);
      pictures += page.pictures;
      for (const paragraph of page.paragraphs) paragraphs.push(paragraph);
    }
    reading.onProgress({ fraction: (index + 1) / chapters.length, pages: null });
  }
  return readAs('epub', joinParagraphs(paragraphs), {
    problems: problemsOf([
      [
        missing,
        (count) => `${count === 1 ? '1 chapter is' : `${count} chapters are`} missing from the file.`,
      ],
      [pictures, (count) => `${wereOf(count, 'picture')} left out.`],
    ]),
  });
}

/** Fonts may be obfuscated; anything else that is encrypted is copy protection. */
async function refuseProtected(archive: Archive, name: string): Promise<void> {
  const encryption = await archive.read('META-INF/encryption.xml');
  if (encryption === undefined) return;
  walkXml(encryption, name, {
    open: (tag, attributes) => {
      if (tag !== 'EncryptionMethod') return;
      if (/obfuscation|obfuscate|idpf\.org|#RC$/i.test(attributes('Algorithm') ?? '')) return;
      throw new CharloomError('bad-text', `${name} is copy-protected: only its own reader can open it.`, {
        fix: 'Import an unprotected copy.',
      });
    },
  });
}

async function findPackage(archive: Archive, name: string): Promise<string> {
  const container = await archive.read('META-INF/container.xml');
  let path: string | undefined;
  if (container !== undefined) {
    walkXml(container, name, {
      open: (tag, attributes) => {
        if (tag === 'rootfile') path ??= attributes('full-path');
      },
    });
  }
  path ??= archive.names.find((each) => each.endsWith('.opf'));
  if (path === undefined) throw damaged(name, 'its list of chapters is missing');
  return path;
}

/** The chapters' files in reading order; a spine may name fragments of one file, which is read once. */
async function chaptersOf(
  archive: Archive,
  packagePath: string,
  name: string,
): Promise<{ readonly chapters: readonly string[]; readonly outside: number }> {
  const content = await archive.read(packagePath);
  if (content === undefined) throw damaged(name, 'its list of chapters is missing');
  const { items, spine } = readPackage(content, name);
  const chapters = new Set<string>();
  let outside = 0;
  for (const id of spine) {
    const item = items.get(id);
    if (item === undefined || /\bnav\b/.test(item.properties)) continue;
    const path = resolvePart(partPath(packagePath), decodePath(item.href));
    if (path === null) outside += 1;
    else chapters.add(path);
  }
  return { chapters: [...chapters], outside };
}

function readPackage(content: Uint8Array, name: string) {
  // Ids come from the file: in a Map, "__proto__" is an ordinary key.
  const items = new Map<string, Item>();
  const spine: string[] = [];
  walkXml(content, name, {
    open: (tag, attributes) => {
      const [id, href] = [attributes('id'), attributes('href')];
      if (tag === 'item' && id !== undefined && href !== undefined) {
        items.set(id, { href, properties: attributes('properties') ?? '' });
      }
      const reference = attributes('idref');
      if (tag === 'itemref' && reference !== undefined && attributes('linear') !== 'no')
        spine.push(reference);
    },
  });
  return { items, spine };
}

function decodePath(href: string): string {
  const path = href.split('#')[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
