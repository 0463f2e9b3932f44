import type { DocumentKind } from '../../shared/domain/document-kinds.ts';
import type { DocumentMember } from '../../shared/domain/documents.ts';
import { CharloomError, describeProblem } from '../../shared/errors.ts';
import { openArchive, type Archive } from './archive.ts';
import { countCharacters } from './decode.ts';
import { readDocx } from './docx.ts';
import { readEpub } from './epub.ts';
import { documentLimits } from './limits.ts';
import { naturally } from './natural-order.ts';
import { readOdt } from './odt.ts';
import { beyondLimits, readAs, type ReadDocument, type Reading } from './reading.ts';

/** Reads one file of an archive. */
export type ReadMember = (bytes: Uint8Array, reading: Reading) => Promise<ReadDocument>;

/**
 * Reads a ZIP archive: a document whose format is one, or the files of an archive in natural order, each by its kind, with a blank line between them.
 * @param depth number of archives around this one
 * @throws CharloomError('bad-text') if it is damaged, encrypted, beyond the limits, or contains nothing that can be read
 */
export async function readPacked(
  bytes: Uint8Array,
  reading: Reading,
  depth: number,
  readMember: ReadMember,
): Promise<ReadDocument> {
  const archive = await openArchive(bytes, reading.name);
  switch (await packedKind(archive, reading.name)) {
    case 'docx':
      return readDocx(bytes, reading, archive);
    case 'odt':
      return readOdt(bytes, reading, archive);
    case 'epub':
      return readEpub(bytes, reading, archive);
    case 'zip':
      if (depth > documentLimits.archiveDepth) {
        throw beyondLimits(reading.name, 'its archives are nested too deeply');
      }
      return readMembers(archive, reading, readMember);
  }
}

type PackedKind = Extract<DocumentKind, 'docx' | 'odt' | 'epub' | 'zip'>;

/** Archive formats that are not texts: their names, and what to import instead. */
const otherFormats: readonly (readonly [part: RegExp, what: string, fix: string])[] = [
  [/^xl\/workbook\.xml$/, 'a spreadsheet', 'Save the sheet with the text as CSV, and import that file.'],
  [/^ppt\/presentation\.xml$/, 'a presentation', 'Save it as plain text or PDF, and import that file.'],
  [
    /^Index\/Document\.iwa$/,
    'a document of Pages, Numbers or Keynote',
    'Export it as Word or plain text, and import that file.',
  ],
  [/(?:^|\/)data\.pkl$/, 'a checkpoint of PyTorch', 'To train a model, import its text.'],
];

const openDocuments: ReadonlyMap<string, PackedKind> = new Map([
  ['application/epub+zip', 'epub'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.text-template', 'odt'],
]);

async function packedKind(archive: Archive, name: string): Promise<PackedKind> {
  const names = new Set(archive.names);
  const type = names.has('mimetype')
    ? new TextDecoder('latin1').decode(await archive.read('mimetype')).trim()
    : '';
  const known = openDocuments.get(type);
  if (known !== undefined) return known;
  if (names.has('word/document.xml')) return 'docx';
  if (names.has('META-INF/container.xml')) return 'epub';
  const other = otherFormats.find(([part]) => archive.names.some((each) => part.test(each)));
  if (other !== undefined || type.startsWith('application/vnd.oasis.opendocument')) {
    const [, what, fix] = other ?? [
      '',
      'an OpenDocument file without a text',
      'Save it as plain text, and import that file.',
    ];
    throw new CharloomError('bad-text', `${name} is ${what}.`, { fix });
  }
  if (names.has('[Content_Types].xml') && names.has('_rels/.rels')) return 'docx';
  return 'zip';
}

async function readMembers(
  archive: Archive,
  reading: Reading,
  readMember: ReadMember,
): Promise<ReadDocument> {
  const names = archive.names.filter(isContent).toSorted(naturally);
  archive.expect(names);
  const texts: string[] = [];
  const members: DocumentMember[] = [];
  const problems: string[] = [];
  let first: CharloomError | undefined;
  for (const [index, name] of names.entries()) {
    try {
      const bytes = (await archive.read(name)) ?? new Uint8Array(0);
      const member = { ...reading, name, onProgress: () => undefined };
      const { kind, text, problems: found } = await readMember(bytes, member);
      members.push({ name, kind, characters: countCharacters(text), problems: found });
      if (text !== '') texts.push(text);
    } catch (error) {
      if (!(error instanceof CharloomError)) throw error;
      // An error about the whole archive is not a problem of one of its files.
      if (error.message.startsWith(`${reading.name} `)) throw error;
      first ??= error;
      problems.push(describeProblem(error));
    }
    reading.onProgress({ fraction: (index + 1) / names.length, pages: null });
  }
  if (members.length === 0) throw first ?? nothingIn(reading.name);
  return readAs('zip', joinTexts(texts), { members, problems });
}

function nothingIn(name: string): CharloomError {
  return new CharloomError('bad-text', `${name} contains no files.`, { fix: 'Import another archive.' });
}

/** Files that systems add to archives automatically are not content. */
function isContent(name: string): boolean {
  return !/(?:^|\/)(?:__MACOSX\/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)/.test(name);
}

/** Concatenates texts with a blank line between them. */
function joinTexts(texts: readonly string[]): string {
  return texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('\n');
}
