import { TableBuilder } from './table-builder.ts';
import type { Attributes, XmlHandler } from './xml.ts';

/** Elements whose content is not read: properties, deletions, field instructions, and fallbacks for older programs. */
const skipped = new Set([
  'del',
  'delText',
  'moveFrom',
  'instrText',
  'Fallback',
  'pPr',
  'rPr',
  'sectPr',
  'tblPr',
  'trPr',
  'tcPr',
  'sdtPr',
  'rt',
]);

/** Findings along the way, to report. */
export interface WordFindings {
  deletions: number;
  pictures: number;
  equations: number;
  hidden: number;
  contents: number;
  embedded: number;
}

/** The text of one part of a Word document, from the events of its XML. */
export class WordPart implements XmlHandler {
  readonly found: WordFindings = {
    deletions: 0,
    pictures: 0,
    equations: 0,
    hidden: 0,
    contents: 0,
    embedded: 0,
  };
  readonly #tables = new TableBuilder();
  /** Pieces of the open paragraphs: text boxes hold paragraphs within a paragraph. */
  readonly #open: string[][] = [];
  #skipping = 0;
  #textDepth = 0;
  #runIsHidden = false;
  /** For each open content control whether it is the table of contents. */
  readonly #controls: boolean[] = [];

  get paragraphs(): readonly string[] {
    return this.#tables.blocks;
  }

  open(name: string, attributes: Attributes): void {
    this.#note(name, attributes);
    if (skipped.has(name)) this.#skipping += 1;
    if (this.#skipping > 0) return;
    switch (name) {
      case 'p':
        this.#open.push([]);
        break;
      case 't':
        this.#textDepth += 1;
        break;
      case 'r':
        this.#runIsHidden = false;
        break;
      case 'tbl':
        this.#tables.openTable();
        break;
      case 'tr':
        this.#tables.openRow();
        break;
      case 'tc':
        this.#tables.openCell();
        break;
      default:
        this.#put(symbolOf(name, attributes));
    }
  }

  text(text: string): void {
    if (this.#textDepth > 0 && this.#skipping === 0) this.#put(text);
  }

  close(name: string): void {
    if (skipped.has(name)) {
      this.#skipping -= 1;
      // What follows the properties of a content control is its content.
      if (name === 'sdtPr' && this.#controls.at(-1) === true) this.#skipping += 1;
      return;
    }
    if (name === 'sdt' && this.#controls.pop() === true) this.#skipping -= 1;
    if (this.#skipping > 0) return;
    switch (name) {
      case 'p':
        this.#closeParagraph();
        break;
      case 't':
        this.#textDepth -= 1;
        break;
      case 'tc':
        this.#tables.closeCell();
        break;
      case 'tr':
        this.#tables.closeRow();
        break;
      case 'tbl':
        this.#tables.closeTable();
        break;
    }
  }

  /** Notes what will not be in the text; properties are seen here even inside skipped elements. */
  #note(name: string, attributes: Attributes): void {
    switch (name) {
      case 'sdt':
        this.#controls.push(false);
        break;
      case 'docPartGallery':
        if (attributes('val') === 'Table of Contents' && this.#controls.pop() !== undefined) {
          this.#controls.push(true);
          this.found.contents += 1;
        }
        break;
      case 'vanish':
        this.#runIsHidden = !['0', 'false', 'off'].includes(attributes('val') ?? '');
        break;
      default:
        if (this.#skipping === 0) this.#count(name);
    }
  }

  #count(name: string): void {
    switch (name) {
      case 'del':
      case 'moveFrom':
        this.found.deletions += 1;
        break;
      case 'drawing':
      case 'pict':
        this.found.pictures += 1;
        break;
      case 'oMath':
        this.found.equations += 1;
        break;
      case 'altChunk':
        this.found.embedded += 1;
        break;
    }
  }

  #put(text: string): void {
    if (text === '') return;
    if (this.#runIsHidden) this.found.hidden += 1;
    else this.#open.at(-1)?.push(text);
  }

  #closeParagraph(): void {
    this.#runIsHidden = false;
    const paragraph = this.#open.pop()?.join('') ?? '';
    if (paragraph.trim() !== '') this.#tables.add(paragraph);
  }
}

/** The text that an empty element represents; none for all others. */
function symbolOf(name: string, attributes: Attributes): string {
  switch (name) {
    case 'tab':
      return '\t';
    case 'br':
      return ['page', 'column'].includes(attributes('type') ?? '') ? '' : '\n';
    case 'cr':
      return '\n';
    case 'noBreakHyphen':
      return '\u2011';
    case 'softHyphen':
      return '\u00ad';
    case 'sym':
      return pictureLetter(attributes('font') ?? '', attributes('char') ?? '');
    default:
      return '';
  }
}

/** Letters in picture fonts mean nothing without the font; other symbol fonts have theirs from F000 on. */
function pictureLetter(font: string, hexadecimal: string): string {
  const code = Number.parseInt(hexadecimal, 16);
  if (/symbol|wingdings|webdings/i.test(font) || !(code > 0 && code <= 0x10_ff_ff)) return '';
  return String.fromCodePoint(code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code);
}
