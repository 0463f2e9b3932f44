/** A piece of text that pdf.js finds on a page, in points from the lower left corner. */
export interface PdfItem {
  readonly str: string;
  readonly dir: string;
  /** a, b, c, d, x, y */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

/** A line of letters on a page, in points. */
export interface PdfLine {
  readonly text: string;
  /** Height of the baseline above the page's lower edge. */
  readonly y: number;
  /** Left and right end. */
  readonly x0: number;
  readonly x1: number;
  /** Height of its letters. */
  readonly size: number;
}

interface OpenLine {
  pieces: string[];
  endsInSpace: boolean;
  readonly y: number;
  x0: number;
  x1: number;
  size: number;
  readonly isRotated: boolean;
}

/** Shares of the letters' height: the distances that separate two lines, two words, and two columns. */
const apart = { lines: 0.55, words: 0.15, columns: 3 } as const;

/** Lines in the order in which the page was written, which is the typesetter's reading order. Rotated text is left out. */
export function linesOf(items: readonly PdfItem[]): readonly PdfLine[] {
  const lines: OpenLine[] = [];
  let line: OpenLine | null = null;
  for (const item of items) {
    const isBlank = item.str.trim() === '';
    if (!isBlank && (line === null || isOtherLine(item, line))) {
      line = beginLine(item);
      lines.push(line);
    } else if (line !== null && item.str !== '') addItem(line, item, isBlank);
    if (item.hasEOL) line = null;
  }
  return lines
    .filter(({ isRotated }) => !isRotated)
    .map(({ pieces, y, x0, x1, size }) => ({ text: tidy(pieces.join('')), y, x0, x1, size }))
    .filter(({ text }) => text !== '');
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function place({ transform, height }: PdfItem) {
  const [a = 0, b = 0, , , x = 0, y = 0] = transform;
  const size = Math.hypot(a, b) || height || 10;
  return { x, y, size, isRotated: Math.abs(b) >= 0.01 * size };
}

function isOtherLine(item: PdfItem, line: OpenLine): boolean {
  const { x, y, size } = place(item);
  if (Math.abs(y - line.y) > apart.lines * Math.max(size, line.size)) return true;
  const isFarLeft = x < line.x1 - apart.columns * size && x + item.width < line.x0;
  return item.dir === 'ltr' && isFarLeft;
}

function beginLine(item: PdfItem): OpenLine {
  const { x, y, size, isRotated } = place(item);
  return {
    pieces: [item.str],
    endsInSpace: /\s$/.test(item.str),
    y,
    x0: x,
    x1: x + item.width,
    size,
    isRotated,
  };
}

function addItem(line: OpenLine, item: PdfItem, isBlank: boolean): void {
  const { x, size } = place(item);
  const isGap = x - line.x1 > apart.words * size && item.dir !== 'rtl';
  if (!isBlank && isGap && !line.endsInSpace && !/^\s/.test(item.str)) line.pieces.push(' ');
  line.pieces.push(item.str);
  line.endsInSpace = /\s$/.test(item.str);
  if (isBlank) return;
  line.x0 = Math.min(line.x0, x);
  line.x1 = Math.max(line.x1, x + item.width);
  line.size = Math.max(line.size, size);
}
