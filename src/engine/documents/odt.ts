import { openArchive, type Archive } from './archive.ts';
import {
  damaged,
  encrypted,
  joinParagraphs,
  problemsOf,
  readAs,
  wereOf,
  type ReadDocument,
  type Reading,
} from './reading.ts';
import { TableBuilder } from './table-builder.ts';
import { walkXml, type Attributes, type XmlHandler } from './xml.ts';

/**
 * Reads an OpenDocument text (OASIS ODF 1.3): its body, then its notes. Tracked deletions, comments, headers and the table of contents are
 * left out.
 * @throws CharloomError('bad-text') when it is damaged, encrypted or beyond the limits
 */
export async function readOdt(bytes: Uint8Array, reading: Reading, opened?: Archive): Promise<ReadDocument> {
  const { name } = reading;
  const archive = opened ?? (await openArchive(bytes, name));
  await refuseEncrypted(archive, name);
  const content = await archive.read('content.xml');
  if (content === undefined) throw damaged(name, 'the part with its text is missing');
  const body = new OdtBody();
  walkXml(content, name, body);
  return readAs('odt', joinParagraphs([...body.paragraphs, ...body.notes]), {
    problems: problemsOf([
      [body.notes.length, (count) => `${wereOf(count, 'note')} put at the end of the text.`],
      [body.pictures, (count) => `${wereOf(count, 'picture')} left out.`],
      [body.contents, () => 'The table of contents was left out.'],
    ]),
  });
}

async function refuseEncrypted(archive: Archive, name: string): Promise<void> {
  const manifest = await archive.read('META-INF/manifest.xml');
  if (manifest === undefined) return;
  walkXml(manifest, name, {
    open: (tag) => {
      if (tag === 'encryption-data') {
        throw encrypted(name, 'Open it, save it without a password, and import that file.');
      }
    },
  });
}

const skipped = new Set([
  'tracked-changes',
  'annotation',
  'annotation-end',
  'note-citation',
  'ruby-text',
  'bibliography-source',
  'table-of-content',
  'alphabetical-index',
  'sequence-decls',
  'forms',
  'script',
  'event-listeners',
]);

/** Maximum number of spaces that one element may represent. */
const mostSpaces = 1000;

class OdtBody implements XmlHandler {
  readonly notes: string[] = [];
  pictures = 0;
  contents = 0;
  /** The body's builder, and one more for each open note: a note is inside its paragraph. */
  readonly #targets: [TableBuilder, ...TableBuilder[]] = [new TableBuilder()];
  readonly #open: string[][] = [];
  #isInBody = false;
  #skipping = 0;

  get paragraphs(): readonly string[] {
    return this.#targets[0].blocks;
  }

  get #target(): TableBuilder {
    return this.#targets.at(-1) ?? this.#targets[0];
  }

  open(name: string, attributes: Attributes): void {
    if (!this.#isInBody) {
      this.#isInBody = name === 'text';
      return;
    }
    if (skipped.has(name)) this.#skipping += 1;
    if (name === 'table-of-content') this.contents += 1;
    if (this.#skipping > 0) return;
    switch (name) {
      case 'h':
      case 'p':
        this.#open.push([]);
        break;
      case 's':
        this.#put(' '.repeat(spaces(attributes('c'))));
        break;
      case 'tab':
        this.#put('\t');
        break;
      case 'line-break':
        this.#put('\n');
        break;
      case 'image':
        this.pictures += 1;
        break;
      case 'note-body':
        this.#targets.push(new TableBuilder());
        break;
      case 'table':
        this.#target.openTable();
        break;
      case 'table-row':
        this.#target.openRow();
        break;
      case 'table-cell':
        this.#target.openCell();
        break;
    }
  }

  text(text: string): void {
    if (this.#isInBody && this.#skipping === 0) this.#put(text.replace(/[ \t\r\n]+/g, ' '));
  }

  close(name: string): void {
    if (!this.#isInBody) return;
    if (skipped.has(name)) this.#skipping -= 1;
    else if (this.#skipping === 0) this.#close(name);
  }

  #close(name: string): void {
    switch (name) {
      case 'h':
      case 'p': {
        const paragraph = this.#open.pop()?.join('') ?? '';
        if (paragraph.trim() !== '') this.#target.add(paragraph);
        break;
      }
      case 'note-body': {
        const note = this.#targets.length > 1 ? this.#targets.pop()?.blocks.join('\n').trim() : '';
        if (note !== undefined && note !== '') this.notes.push(note);
        break;
      }
      case 'table-cell':
        this.#target.closeCell();
        break;
      case 'table-row':
        this.#target.closeRow();
        break;
      case 'table':
        this.#target.closeTable();
        break;
    }
  }

  #put(text: string): void {
    this.#open.at(-1)?.push(text);
  }
}

function spaces(count: string | undefined): number {
  const number = Number(count ?? 1);
  return Number.isInteger(number) && number > 0 ? Math.min(mostSpaces, number) : 1;
}
