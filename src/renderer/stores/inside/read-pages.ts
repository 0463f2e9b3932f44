import type { InspectedPiece } from '../../../shared/domain/inspection.ts';
import type { WrittenPage, WrittenText } from '../writing/written-text.ts';

/** A page ends with the first line end after this many symbols, or after this many without one. */
const fullPage = 1000;
const maxPage = 2000;

/** Splits a window of a text into pages to draw; no page reaches from one piece into the next. */
export function readPages(
  start: number,
  texts: readonly string[],
  pieces: readonly InspectedPiece[],
): readonly WrittenPage[] {
  const ends = new Set(pieces.map(({ end }) => end));
  const pages: WrittenPage[] = [];
  let first = 0;
  for (let at = 0; at < texts.length; at++) {
    const length = at + 1 - first;
    const isFull = length >= maxPage || (length >= fullPage && texts[at]?.endsWith('\n') === true);
    if (!isFull && !ends.has(start + at + 1) && at + 1 < texts.length) continue;
    pages.push({ start: start + first, texts: texts.slice(first, at + 1), probabilities: [], bytes: [] });
    first = at + 1;
  }
  return pages;
}

/** What is drawn as one block: whole lines of one piece. */
export interface ReadBlock {
  readonly pages: readonly WrittenPage[];
  /** The piece that starts here; null where one continues. */
  readonly begins: InspectedPiece | null;
}

export function readBlocks({ pages }: WrittenText, pieces: readonly InspectedPiece[]): readonly ReadBlock[] {
  const blocks: { pages: WrittenPage[]; begins: InspectedPiece | null }[] = [];
  let isOpen = false;
  for (const page of pages) {
    const begins = pieces.find(({ start }) => start === page.start) ?? null;
    if (isOpen && begins === null) blocks.at(-1)?.pages.push(page);
    else blocks.push({ pages: [page], begins });
    isOpen = page.texts.at(-1)?.endsWith('\n') !== true;
  }
  return blocks;
}
