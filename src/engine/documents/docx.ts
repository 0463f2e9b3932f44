import { openArchive, type Archive } from './archive.ts';
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
import { WordPart } from './word-part.ts';
import { walkXml } from './xml.ts';

/**
 * Reads a Word document (ECMA-376): its body, then its footnotes and endnotes. Deleted and hidden text, comments, headers and the table of
 * contents are left out.
 * @throws CharloomError('bad-text') when it is damaged, encrypted or beyond the limits
 */
export async function readDocx(bytes: Uint8Array, reading: Reading, opened?: Archive): Promise<ReadDocument> {
  const archive = opened ?? (await openArchive(bytes, reading.name));
  const main = await mainPart(archive, reading.name);
  const body = await archive.read(main);
  if (body === undefined) throw damaged(reading.name, 'the part with its text is missing');
  const part = new WordPart();
  walkXml(body, reading.name, part);
  const notes: string[] = [];
  for (const kind of ['footnote', 'endnote'] as const) {
    const bytesOfNotes = await archive.read(resolvePart(partPath(main), `${kind}s.xml`) ?? '');
    if (bytesOfNotes === undefined) continue;
    const part = new NotesPart(kind);
    walkXml(bytesOfNotes, reading.name, part);
    notes.push(...part.notes);
  }
  const { found } = part;
  return readAs('docx', joinParagraphs([...part.paragraphs, ...notes]), {
    problems: problemsOf([
      [notes.length, (count) => `${wereOf(count, 'note')} put at the end of the text.`],
      [found.pictures, (count) => `${wereOf(count, 'picture')} left out.`],
      [found.deletions, (count) => `${wereOf(count, 'deleted passage')} left out.`],
      [found.hidden, (count) => `${wereOf(count, 'hidden passage')} left out.`],
      [found.contents, () => 'The table of contents was left out.'],
      [found.equations, (count) => `${wereOf(count, 'equation')} read as plain letters.`],
      [found.embedded, (count) => `${wereOf(count, 'embedded document')} left out.`],
    ]),
  });
}

/** The package's declaration of its main part; Word and similar programs use word/document.xml. */
async function mainPart(archive: Archive, name: string): Promise<string> {
  let main = 'word/document.xml';
  const relations = await archive.read('_rels/.rels');
  if (relations === undefined) return main;
  walkXml(relations, name, {
    open: (tag, attributes) => {
      const isMain = tag === 'Relationship' && attributes('Type')?.endsWith('/officeDocument') === true;
      if (isMain) main = resolvePart('', attributes('Target') ?? '') ?? main;
    },
  });
  return main;
}

/** The part with a document's footnotes or endnotes: each is a small separate body. */
class NotesPart {
  readonly notes: string[] = [];
  readonly #kind: string;
  #note: WordPart | null = null;

  constructor(kind: 'footnote' | 'endnote') {
    this.#kind = kind;
  }

  open(name: string, attributes: (local: string) => string | undefined): void {
    if (name !== this.#kind) return this.#note?.open(name, attributes);
    // The lines that Word draws above notes are stored as notes of another type.
    const isNote = !['separator', 'continuationSeparator', 'continuationNotice'].includes(
      attributes('type') ?? '',
    );
    this.#note = isNote ? new WordPart() : null;
  }

  text(text: string): void {
    this.#note?.text(text);
  }

  close(name: string): void {
    if (name !== this.#kind) return this.#note?.close(name);
    const note = this.#note?.paragraphs.join('\n').trim() ?? '';
    if (note !== '') this.notes.push(note);
    this.#note = null;
  }
}
