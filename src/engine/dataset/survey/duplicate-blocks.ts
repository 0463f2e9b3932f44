import { CounterTable } from './hash-table.ts';

/** The parts of a text that repeat earlier parts. */
export interface Duplicates {
  /** Symbols of passages that repeat earlier ones; an estimate for texts of more than about a million symbols. */
  readonly symbols: number;
  /** Positions where a repetition starts (among those that were checked). */
  readonly blocks: number;
  readonly examples: readonly { readonly line: number; readonly sameAs: number }[];
}

/** Symbols that a passage must have to count: a refrain is style, a repeated page is an accident. */
export const windowSymbols = 120;
/** Symbols at the start of a repeated window that may match by chance and belong to the previous line. */
const byTheWay = 16;
const maxWindows = 2 ** 20;
const capacity = 128;
const [lowMultiplier, highMultiplier] = [0x01000193, 0x85ebca6b] as const;
const lowLeaving = power(lowMultiplier);
const highLeaving = power(highMultiplier);

function power(multiplier: number): number {
  let value = 1;
  for (let at = 0; at < windowSymbols; at++) value = Math.imul(value, multiplier);
  return value;
}

/**
 * Finds repeated passages in one pass and bounded memory, independent of lines: a hash rolls over every window of 120 symbols (Karp and Rabin, 1987),
 * and each window's line is stored. When the table is full, every other window is dropped, selected by its content: the same ones wherever a passage
 * occurs.
 */
export class DuplicateBlocks {
  readonly #seen = new CounterTable();
  readonly #window = new Uint32Array(capacity);
  readonly #lines = new Uint32Array(capacity);
  #low = 0;
  #high = 0;
  #position = 0;
  /** Repeated symbols before this position have been counted. */
  #counted = 0;
  /** One window in this many is checked; a power of two. */
  #sampling = 1;
  #symbols = 0;
  #blocks = 0;
  /** Whether the previously checked window was a repetition: a long repetition starts only once. */
  #isRepeating = false;
  readonly #examples: { line: number; sameAs: number }[] = [];

  /** Adds the symbols from `from` up to but not including `to`, all on one line. */
  add(codes: Uint32Array, from: number, to: number, line: number): void {
    const window = this.#window;
    const lines = this.#lines;
    const mask = capacity - 1;
    let low = this.#low;
    let high = this.#high;
    let position = this.#position;
    for (let at = from; at < to; at += 1) {
      const code = (codes[at] ?? 0) + 1;
      const leaves = window[(position - windowSymbols) & mask] ?? 0;
      low = (Math.imul(low, lowMultiplier) + code - Math.imul(leaves, lowLeaving)) | 0;
      high = (Math.imul(high, highMultiplier) + code - Math.imul(leaves, highLeaving)) | 0;
      window[position & mask] = code;
      lines[position & mask] = line;
      position += 1;
      if (position < windowSymbols || !isSampled(low, this.#sampling)) continue;
      this.#look((high & 0x1fffff) * 4294967296 + (low >>> 0), position);
    }
    this.#low = low;
    this.#high = high;
    this.#position = position;
  }

  finish(): Duplicates {
    return { symbols: this.#symbols, blocks: this.#blocks, examples: this.#examples };
  }

  #look(key: number, end: number): void {
    const line = this.#lines[(end - windowSymbols + byTheWay) & (capacity - 1)] ?? 0;
    const earlier = this.#seen.first(key);
    if (earlier === 0) {
      this.#isRepeating = false;
      this.#seen.add(key, line, 0);
      if (this.#seen.size >= maxWindows) this.#thin();
      return;
    }
    // If few windows are checked, the text between two of them counts as repeated too.
    const reach = Math.max(windowSymbols, this.#sampling);
    this.#symbols += end - Math.max(this.#counted, end - reach, 0);
    this.#counted = end;
    if (!this.#isRepeating) {
      this.#blocks += 1;
      if (this.#examples.length < 5) this.#examples.push({ line, sameAs: earlier });
    }
    this.#isRepeating = true;
  }

  #thin(): void {
    this.#sampling *= 2;
    const sampling = this.#sampling;
    this.#seen.retain((key) => isSampled(key | 0, sampling));
  }
}

/** One window in `sampling`. Mixed first: the low bits of a rolling hash hardly depend on older symbols. */
function isSampled(low: number, sampling: number): boolean {
  const mixed = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) & (sampling - 1)) === 0;
}
