import type { SymbolCount } from './survey/symbol-count.ts';

/** Whether CRLF and CR stay as they are in the file (the default, as in char-rnn) or become LF. */
export type LineEnds = 'keep' | 'lf';

const lineFeed = 10;
const carriageReturn = 13;

/** Next line, line separator, paragraph separator: they end lines too, in characters mode. In bytes mode they are not symbols. */
export const otherLineEnds: readonly number[] = [0x85, 0x2028, 0x2029];

/**
 * The number of line ends in a part of a text; a carriage return and the following line feed count as one.
 * @param afterReturn whether a carriage return, already counted, precedes the part
 */
export function countLineEnds(codes: Uint32Array, afterReturn: boolean, hasOthers: boolean): number {
  let count = 0;
  let isAfterReturn = afterReturn;
  for (const code of codes) {
    const isEnd = code === lineFeed || code === carriageReturn || (hasOthers && otherLineEnds.includes(code));
    if (isEnd && !(code === lineFeed && isAfterReturn)) count += 1;
    isAfterReturn = code === carriageReturn;
  }
  return count;
}

/** The counts of a text after its line ends are converted to LF. */
export function normaliseCounts(counts: readonly SymbolCount[], crlf: number): SymbolCount[] {
  const find = (code: number) => counts.find((entry) => entry.code === code);
  const feeds = find(lineFeed);
  const returns = find(carriageReturn);
  if (!returns) return [...counts];
  // Each CR becomes an LF, except that CRLF is one LF.
  const count = (feeds?.count ?? 0) + returns.count - crlf;
  const firstLine = Math.min(feeds?.firstLine ?? Infinity, returns.firstLine);
  const others = counts.filter(({ code }) => code !== lineFeed && code !== carriageReturn);
  return [...others, { code: lineFeed, count, firstLine }].sort((a, b) => a.code - b.code);
}

/** Converts the line ends of a stream of blocks to LF, in place. */
export class LineEndNormaliser {
  #afterCarriageReturn = false;

  /** Rewrites the block in place and returns the part of it that is used. */
  rewrite(codes: Uint32Array): Uint32Array {
    let length = 0;
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? 0;
      const belongsToReturn = code === lineFeed && this.#afterCarriageReturn;
      this.#afterCarriageReturn = code === carriageReturn;
      if (!belongsToReturn) codes[length++] = this.#afterCarriageReturn ? lineFeed : code;
    }
    return codes.subarray(0, length);
  }
}
