import type { PdfLine } from './lines.ts';

/** Height of a band in points: lines in one band count as being at the same height on their pages. */
const bandHeight = 4;
/** Share of the text's height, at the top and bottom, that contains heads and feet. */
const marginShare = 0.1;

/**
 * The lines that are running heads, running feet or page numbers: those at the edges of the text that recur with the same words (ignoring numbers) at
 * the same height. Edges are those of the text, not of the paper: a small book may be printed on large sheets.
 */
export function runningLines(pages: readonly (readonly PdfLine[])[]): ReadonlySet<PdfLine> {
  const isAtEdge = edgesOf(pages);
  const candidates = pages.map((lines) => outermost(lines).filter(isAtEdge));
  const onPages = countPages(candidates);
  const few = Math.max(3, Math.min(8, Math.ceil(pages.length * 0.02)));
  const running = new Set<PdfLine>();
  for (const line of candidates.flat()) {
    const band = bandOf(line);
    const words = wordsOf(line.text);
    const same = Math.max(...[-1, 0, 1].map((step) => onPages.get(`${band + step}|${words}`)?.size ?? 0));
    const atHeight = onPages.get(String(band))?.size ?? 0;
    if (
      same >= few ||
      (isPageNumber(line.text) && pages.length > 1) ||
      (hasPageNumber(line.text) && atHeight >= Math.max(few, pages.length * 0.3))
    ) {
      running.add(line);
    }
  }
  return running;
}

function edgesOf(pages: readonly (readonly PdfLine[])[]): (line: PdfLine) => boolean {
  const heights = pages.filter((lines) => lines.length > 0).map((lines) => lines.map(({ y }) => y));
  const top = quantile(
    heights.map((each) => each.reduce((a, b) => Math.max(a, b))),
    0.9,
  );
  const bottom = quantile(
    heights.map((each) => each.reduce((a, b) => Math.min(a, b))),
    0.1,
  );
  const margin = marginShare * (top - bottom);
  return ({ y }) => y > top - margin || y < bottom + margin;
}

/** The two highest lines of a page and the two lowest. */
function outermost(lines: readonly PdfLine[]): readonly PdfLine[] {
  const byHeight = lines.toSorted((a, b) => b.y - a.y);
  return [...new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)])];
}

/** The pages with a line at a height, and those with the same words there. */
function countPages(candidates: readonly (readonly PdfLine[])[]): ReadonlyMap<string, ReadonlySet<number>> {
  const pages = new Map<string, Set<number>>();
  for (const [page, lines] of candidates.entries()) {
    for (const line of lines) {
      const band = bandOf(line);
      for (const key of [String(band), `${band}|${wordsOf(line.text)}`]) {
        const found = pages.get(key) ?? new Set<number>();
        found.add(page);
        pages.set(key, found);
      }
    }
  }
  return pages;
}

function bandOf({ y }: PdfLine): number {
  return Math.round(y / bandHeight);
}

/** A line's words without its numbers, including Roman ones. */
function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\d+|\b[ivxlcdm]+\b/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

function isPageNumber(text: string): boolean {
  return (
    /^[\W_]*(?:\d{1,4}|[ivxlcdm]{1,8})[\W_]*$/i.test(text) || /^(?:page|seite|стр\.?|p\.)\s*\d+/i.test(text)
  );
}

function hasPageNumber(text: string): boolean {
  return /^\d{1,4}\s+\S|\S\s+\d{1,4}$/.test(text);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
