import type { PdfLine } from './lines.ts';

/** Points by which the left ends of lines of one column may differ. */
const tolerance = 1.2;

/** The start and end of a line's column, in points. */
export interface ColumnEdges {
  left(line: PdfLine): number;
  right(line: PdfLine): number;
}

/** The columns of a page: left ends that many lines share. */
export function columnsOf(lines: readonly PdfLine[]): ColumnEdges {
  const edges: { readonly x: number; count: number }[] = [];
  for (const { x0 } of lines) {
    const edge = edges.find(({ x }) => Math.abs(x - x0) < tolerance);
    if (edge === undefined) edges.push({ x: x0, count: 1 });
    else edge.count += 1;
  }
  const columns = edges
    .filter(({ count }) => count >= Math.max(3, lines.length * 0.15))
    .map(({ x }) => x)
    .toSorted((a, b) => a - b);
  const left = ({ x0 }: PdfLine): number => columns.findLast((x) => x <= x0 + tolerance) ?? x0;
  const ends = lines.map((line) => ({ left: left(line), right: line.x1 }));
  return {
    left,
    right: (line) => {
      const own = left(line);
      return ends.reduce(
        (most, end) => (Math.abs(end.left - own) < 1.5 ? Math.max(most, end.right) : most),
        line.x1,
      );
    },
  };
}
