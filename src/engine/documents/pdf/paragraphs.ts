import { columnsOf, type ColumnEdges } from './columns.ts';
import { Hyphenation } from './hyphens.ts';
import type { PdfLine } from './lines.ts';

export interface PdfParagraphs {
  readonly paragraphs: readonly string[];
  /** Hyphens at line ends that were removed. */
  readonly hyphens: number;
  /** Line ends that became spaces or nothing. */
  readonly joined: number;
}

export interface ParagraphOptions {
  /** Whether the lines of a paragraph are joined. */
  readonly joinLines: boolean;
  readonly joinHyphens: boolean;
}

/** Shares of the letters' height (`size`) or of the line distance (`lead`) that separate paragraphs. */
const signs = {
  /** A change of letter size starts or ends a heading. */
  sizeChange: 0.12,
  gap: 1.35,
  indent: { from: 0.7, to: 6, step: 0.5 },
  /** A line that ends this far before its column's right edge is the last of a paragraph. */
  short: 2.2,
} as const;
const sentenceEnd = /[.!?…:"”’»)\]*]$/;

/** The paragraphs of a document from its lines; a paragraph may continue over columns and pages. */
export function paragraphsOf(
  pages: readonly (readonly PdfLine[])[],
  options: ParagraphOptions,
): PdfParagraphs {
  const assembly = new Assembly(pages, options);
  for (const lines of pages) assembly.addPage(lines);
  return assembly.finish();
}

class Assembly {
  readonly #options: ParagraphOptions;
  readonly #hyphenation: Hyphenation;
  /** Usual distance between two lines and usual letter height, in points. */
  readonly #lead: number;
  readonly #size: number;
  readonly #paragraphs: string[] = [];
  #pieces: string[] = [];
  #previous: { readonly line: PdfLine; readonly isShort: boolean; readonly page: readonly PdfLine[] } | null =
    null;
  #hyphens = 0;
  #joined = 0;

  constructor(pages: readonly (readonly PdfLine[])[], options: ParagraphOptions) {
    this.#options = options;
    const all = pages.flat();
    this.#hyphenation = new Hyphenation(all);
    this.#size = median(all.map(({ size }) => size));
    this.#lead = median(
      pages.flatMap((lines) =>
        lines.flatMap((line, index) => {
          const gap = (lines[index - 1]?.y ?? line.y) - line.y;
          return gap > 0 ? [gap] : [];
        }),
      ),
    );
  }

  addPage(lines: readonly PdfLine[]): void {
    const columns = columnsOf(lines);
    for (const line of lines) {
      if (this.#begins(line, lines, columns)) {
        this.#end();
        this.#pieces = [line.text];
      } else if (this.#options.joinLines) this.#join(line.text);
      else this.#pieces.push(`\n${line.text}`);
      const isShort = line.x1 < columns.right(line) - signs.short * this.#size;
      this.#previous = { line, isShort, page: lines };
    }
  }

  finish(): PdfParagraphs {
    this.#end();
    return { paragraphs: this.#paragraphs, hyphens: this.#hyphens, joined: this.#joined };
  }

  /** Whether a line starts a paragraph. */
  #begins(line: PdfLine, page: readonly PdfLine[], columns: ColumnEdges): boolean {
    if (this.#previous === null) return true;
    const { line: before, isShort, page: pageBefore } = this.#previous;
    if (Math.abs(line.size - before.size) > signs.sizeChange * this.#size) return true;
    const fall = before.y - line.y;
    const isSameColumn = pageBefore === page && fall >= 0;
    if (isSameColumn && fall > signs.gap * this.#lead) return true;
    if (!this.#options.joinLines) return false;
    const indent = (line.x0 - columns.left(line)) / this.#size;
    const isIndented =
      indent > signs.indent.from &&
      indent < signs.indent.to &&
      Math.abs(line.x0 - before.x0) > signs.indent.step * this.#size;
    return isIndented || (isShort && sentenceEnd.test(before.text));
  }

  #join(text: string): void {
    this.#joined += 1;
    const last = this.#pieces.at(-1) ?? '';
    switch (this.#hyphenation.junction(last, text)) {
      case 'drop-hyphen':
        if (!this.#options.joinHyphens) break;
        this.#hyphens += 1;
        this.#pieces[this.#pieces.length - 1] = last.slice(0, -1);
        this.#pieces.push(text);
        return;
      case 'space':
        this.#pieces.push(' ');
        break;
      case 'nothing':
      case 'keep-hyphen':
        break;
    }
    this.#pieces.push(text);
  }

  #end(): void {
    if (this.#pieces.length > 0) this.#paragraphs.push(this.#pieces.join(''));
    this.#pieces = [];
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
