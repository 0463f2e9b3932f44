/**
 * A model's text, symbol by symbol, as an immutable value: appending a batch makes a new text that shares all pages but the last, so that a page can
 * show twenty thousand symbols and earlier versions cost nothing.
 */
export interface WrittenText {
  readonly pages: readonly WrittenPage[];
  /** Total number of symbols. */
  readonly length: number;
}

/** A part that is drawn separately: whole lines, unless lines are extremely long. */
export interface WrittenPage {
  /** Position of its first symbol. */
  readonly start: number;
  /** What each symbol shows; '' while the bytes of a character are incomplete. */
  readonly texts: readonly string[];
  readonly probabilities: readonly number[];
  /** The byte of each symbol if a byte model wrote it; otherwise empty. */
  readonly bytes: readonly number[];
}

export const emptyText: WrittenText = { pages: [], length: 0 };

/** A page ends with the first line end after this many symbols, so that only the last page is ever drawn again. */
const fullPage = 1000;
/** A model that loops may never end a line: then a page ends here. */
const maxPage = 2000;

/** Puts symbols at a position and removes everything from there. A position beyond the end belongs to an older text: ignored. */
export function replaceFrom(
  written: WrittenText,
  position: number,
  texts: readonly string[],
  probabilities: readonly number[],
  bytes: readonly number[] = [],
): WrittenText {
  if (position > written.length) return written;
  const { pages } = cutAt(written, position);
  const open = pages.at(-1);
  const grows = open !== undefined && !isFull(open);
  const added = paginate(
    grows ? open.start : position,
    grows ? [...open.texts, ...texts] : texts,
    grows ? [...open.probabilities, ...probabilities] : probabilities,
    grows ? [...open.bytes, ...bytes] : bytes,
  );
  return { pages: [...(grows ? pages.slice(0, -1) : pages), ...added], length: position + texts.length };
}

/** The text up to, not including, a position. */
export function cutAt(written: WrittenText, position: number): WrittenText {
  if (position >= written.length) return written;
  const pages: WrittenPage[] = [];
  for (const page of written.pages) {
    if (page.start >= position) break;
    const kept = position - page.start;
    pages.push(
      kept >= page.texts.length
        ? page
        : {
            ...page,
            texts: page.texts.slice(0, kept),
            probabilities: page.probabilities.slice(0, kept),
            bytes: page.bytes.slice(0, kept),
          },
    );
  }
  return { pages, length: position };
}

function isFull({ texts }: WrittenPage): boolean {
  return endsPage(texts.length, texts.at(-1));
}

function endsPage(length: number, last: string | undefined): boolean {
  return length >= maxPage || (length >= fullPage && last?.endsWith('\n') === true);
}

function paginate(
  start: number,
  texts: readonly string[],
  probabilities: readonly number[],
  bytes: readonly number[],
): readonly WrittenPage[] {
  const pages: WrittenPage[] = [];
  let first = 0;
  const close = (end: number): void => {
    if (end === first) return;
    const page = {
      texts: texts.slice(first, end),
      probabilities: probabilities.slice(first, end),
      bytes: bytes.slice(first, end),
    };
    pages.push({ start: start + first, ...page });
    first = end;
  };
  for (let i = 0; i < texts.length; i++) {
    if (endsPage(i - first + 1, texts[i])) close(i + 1);
  }
  close(texts.length);
  return pages;
}

/** Pages that together make up whole lines: each group but the last can be drawn as a separate block. */
export function blocksOf({ pages }: WrittenText): readonly (readonly WrittenPage[])[] {
  const blocks: WrittenPage[][] = [];
  let isOpen = false;
  for (const page of pages) {
    if (isOpen) blocks.at(-1)?.push(page);
    else blocks.push([page]);
    isOpen = page.texts.at(-1)?.endsWith('\n') !== true;
  }
  return blocks;
}

/** The exact bytes that a byte model has written; null if part of the text is not its work. */
export function bytesOf({ pages, length }: WrittenText): Uint8Array<ArrayBuffer> | null {
  const bytes = Uint8Array.from(pages.flatMap((page) => page.bytes));
  return length > 0 && bytes.length === length ? bytes : null;
}

/** Where each symbol starts in the whole text, in UTF-16 units, and where the last one ends. */
export function unitsOf({ pages }: WrittenText): readonly number[] {
  const units = [0];
  let passed = 0;
  for (const { texts } of pages) for (const text of texts) units.push((passed += text.length));
  return units;
}

/** The whole text, as it is copied, and as it is saved if it consists of characters. */
export function textOf(written: WrittenText): string {
  return written.pages.map(({ texts }) => texts.join('')).join('');
}

export interface WrittenSymbol {
  readonly text: string;
  readonly probability: number;
}

export function symbolAt(written: WrittenText, position: number): WrittenSymbol | undefined {
  const page = pageOf(written, position);
  const text = page?.texts[position - page.start];
  return page === undefined || text === undefined
    ? undefined
    : { text, probability: page.probabilities[position - page.start] ?? 0 };
}

/** The page that a position is on. */
export function pageOf({ pages }: WrittenText, position: number): WrittenPage | undefined {
  return pages.findLast(({ start }) => start <= position);
}

/** The position of the symbol at an offset of a page's characters; the last one for offsets beyond it. */
export function positionAt(page: WrittenPage, offset: number): number {
  let end = 0;
  for (let i = 0; i < page.texts.length; i++) {
    end += page.texts[i]?.length ?? 0;
    if (offset < end) return page.start + i;
  }
  return page.start + Math.max(0, page.texts.length - 1);
}

/** The position of the symbol at an offset of all that is written, in UTF-16 units. */
export function positionAtOffset({ pages }: WrittenText, offset: number): number {
  let passed = 0;
  for (const page of pages) {
    const length = page.texts.reduce((sum, text) => sum + text.length, 0);
    if (offset < passed + length) return positionAt(page, offset - passed);
    passed += length;
  }
  return 0;
}

/** The range of a symbol's characters on its page. */
export function offsetsOf(
  page: WrittenPage,
  position: number,
): { readonly from: number; readonly to: number } {
  const index = position - page.start;
  const from = page.texts.slice(0, index).reduce((sum, text) => sum + text.length, 0);
  return { from, to: from + (page.texts[index]?.length ?? 0) };
}

/** The next position in a direction that shows something: incomplete bytes are stepped over. Stays where it is at the ends. */
export function neighbour(written: WrittenText, position: number, direction: 1 | -1): number {
  for (let next = position + direction; next >= 0 && next < written.length; next += direction) {
    if (symbolAt(written, next)?.text !== '') return next;
  }
  return position;
}

/** The first symbol of the next (or this, or the previous) word, as Control with an arrow key moves a cursor. */
export function wordNeighbour(written: WrittenText, position: number, direction: 1 | -1): number {
  const isWord = (at: number): boolean => /[\p{L}\p{N}]/u.test(symbolAt(written, at)?.text ?? '');
  const begins = (at: number): boolean => isWord(at) && (at === 0 || !isWord(at - 1));
  for (let next = position + direction; next >= 0 && next < written.length; next += direction) {
    if (begins(next)) return next;
  }
  return direction === 1 ? Math.max(0, written.length - 1) : 0;
}
