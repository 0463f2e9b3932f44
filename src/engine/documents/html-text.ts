import { HtmlTables } from './html-tables.ts';
import { trimLineEnds } from './trim.ts';

const blocks = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header html li main menu nav ol p pre section summary title ul'
  ).split(' '),
);
const dropped = new Set(
  'script style noscript template head svg math iframe object audio video canvas select textarea button rt rp'.split(
    ' ',
  ),
);

/** Note marks and generated list markers, by the names that EPUB, ARIA, pandoc and LibreOffice give them. */
const markWords =
  /\b(?:noteref|doc-noteref|footnote-ref|sdfootnoteanc|sdendnoteanc|backlink|doc-backlink|footnote-back|Bullet_20_Symbols|Numbering_20_Symbols)\b/;
const noteWords = /\b(?:footnote|endnote|rearnote|doc-footnote|doc-endnote)\b/;

/** Attributes of an element by their names. */
type Attributes = Readonly<Record<string, string>>;

interface OpenElement {
  readonly isDropped: boolean;
  readonly isNote: boolean;
}

/** The paragraphs of a page, from the events of its markup. */
export class HtmlText {
  pictures = 0;
  readonly #tables = new HtmlTables();
  readonly #open: OpenElement[] = [];
  #pieces: string[] = [];
  /** The last character added; empty at the beginning of a paragraph. */
  #last = '';
  #preformatted = 0;
  #hasPreformatted = false;

  get paragraphs(): readonly string[] {
    return this.#tables.paragraphs;
  }

  get #isDropping(): boolean {
    return this.#open.at(-1)?.isDropped === true;
  }

  /** An element with an end; `close` follows for each, the innermost first. */
  open(tag: string, attributes: Attributes): void {
    const around = this.#open.at(-1);
    const names = `${attributes['epub:type'] ?? ''} ${attributes['role'] ?? ''} ${attributes['class'] ?? ''}`;
    const isInNote = around?.isNote === true;
    const isLinkBack = isInNote && tag === 'a' && attributes['href']?.startsWith('#') === true;
    const isDropped = this.#isDropping || dropped.has(tag) || isLinkBack || markWords.test(names);
    this.#open.push({ isDropped, isNote: isInNote || noteWords.test(names) });
    if (!isDropped) this.#begin(tag);
  }

  /** An element without an end. */
  empty(tag: string): void {
    if (this.#isDropping) return;
    if (tag === 'br') this.#put('\n');
    else if (tag === 'img') this.pictures += 1;
    else if (tag === 'hr') this.#endParagraph();
  }

  #begin(tag: string): void {
    if (blocks.has(tag)) this.#endParagraph();
    else if (HtmlTables.knows(tag)) {
      this.#endParagraph();
      this.#tables.open(tag);
    }
    if (tag === 'pre') this.#preformatted += 1;
  }

  text(text: string): void {
    if (this.#isDropping || text === '') return;
    if (this.#preformatted > 0) {
      this.#hasPreformatted = true;
      this.#put(text);
      return;
    }
    const spaced = text.replace(/[ \t\r\n\f]+/g, ' ');
    const isAfterSpace = this.#last === '' || this.#last === '\n' || this.#last === ' ';
    this.#put(isAfterSpace && spaced.startsWith(' ') ? spaced.slice(1) : spaced);
  }

  close(tag: string): void {
    if (this.#open.pop()?.isDropped === true) return;
    if (blocks.has(tag)) this.#endParagraph();
    else if (HtmlTables.knows(tag)) {
      this.#endParagraph();
      this.#tables.close(tag);
    }
    if (tag === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1);
  }

  /** Call after the last event. */
  end(): void {
    this.#endParagraph();
    this.#tables.end();
  }

  #put(text: string): void {
    if (text === '') return;
    this.#pieces.push(text);
    this.#last = text.at(-1) ?? '';
  }

  #endParagraph(): void {
    const lines = trimLineEnds(this.#pieces.join(''));
    const paragraph = this.#hasPreformatted ? lines.replace(/^\n+/, '').trimEnd() : lines.trim();
    this.#pieces = [];
    this.#last = '';
    this.#hasPreformatted = false;
    if (paragraph !== '') this.#tables.add(paragraph);
  }
}
