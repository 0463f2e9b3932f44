import type { SymbolArray } from '../dataset/corpus.ts';

const multiplier = 0x01000193;
/** Most start positions recorded for equal windows; only a repetitive sample has more. */
const maxBeginnings = 64;
const none: readonly number[] = [];

/** All windows of a sample, each a fixed number of symbols wide, looked up by rolling hash. Equal windows share one entry. */
export class SampleWindows {
  readonly width: number;
  readonly #sample: Int32Array;
  /** multiplier ^ width: the weight of a symbol when it leaves the window. */
  readonly #leaving: number;
  readonly #shift: number;
  /** By bucket, the number of its first distinct window, -1 for none. */
  readonly #heads: Int32Array;
  /** By distinct window: its hash, the next one of its bucket, its start in the sample, and whether it was marked. */
  readonly #hashes: number[] = [];
  readonly #next: number[] = [];
  readonly #beginnings: number[][] = [];
  readonly #marked: boolean[] = [];
  /** By start position in the sample, the number of its window. */
  readonly #windowAt: Int32Array;

  constructor(sample: Int32Array, width: number) {
    this.width = width;
    this.#sample = sample;
    let leaving = 1;
    for (let index = 0; index < width; index++) leaving = Math.imul(leaving, multiplier);
    this.#leaving = leaving;
    const count = Math.max(0, sample.length - width + 1);
    const bits = Math.max(8, Math.ceil(Math.log2(count + 1)) + 2);
    this.#shift = 32 - bits;
    this.#heads = new Int32Array(2 ** bits).fill(-1);
    this.#windowAt = new Int32Array(count);
    if (count > 0) this.#index(count);
  }

  /** Hash of the window that starts at a position. */
  hashAt(symbols: SymbolArray | Int32Array, first: number): number {
    let hash = 0;
    for (let at = first; at < first + this.width; at++) hash = enter(hash, symbols[at] ?? 0);
    return hash;
  }

  /** The hash one symbol further on. */
  roll(hash: number, leaves: number, enters: number): number {
    return (enter(hash, enters) - Math.imul(leaves + 1, this.#leaving)) | 0;
  }

  /** The number of the window that equals the one starting at `first`; -1 for none. Equal hashes are a hint, not a proof. */
  find(hash: number, symbols: SymbolArray | Int32Array, first: number): number {
    let window = this.#heads[this.#bucket(hash)] ?? -1;
    while (window >= 0 && !(this.#hashes[window] === hash && this.#isEqual(window, symbols, first))) {
      window = this.#next[window] ?? -1;
    }
    return window;
  }

  /** Marks a window as found, and reports its starts in the sample (the first 64). */
  mark(window: number): readonly number[] {
    if (window < 0) return none;
    this.#marked[window] = true;
    return this.#beginnings[window] ?? none;
  }

  /** The parts of the sample that marked windows cover, in order, not touching each other. */
  covered(): { readonly start: number; readonly length: number }[] {
    const parts: { start: number; length: number }[] = [];
    for (const [start, window] of this.#windowAt.entries()) {
      if (this.#marked[window] !== true) continue;
      const last = parts.at(-1);
      if (last !== undefined && start <= last.start + last.length)
        last.length = start + this.width - last.start;
      else parts.push({ start, length: this.width });
    }
    return parts;
  }

  #index(count: number): void {
    const sample = this.#sample;
    let hash = this.hashAt(sample, 0);
    for (let beginning = 0; ; beginning++) {
      const found = this.find(hash, sample, beginning);
      const window = found >= 0 ? found : this.#add(hash);
      this.#windowAt[beginning] = window;
      const beginnings = this.#beginnings[window];
      if (beginnings !== undefined && beginnings.length < maxBeginnings) beginnings.push(beginning);
      if (beginning + 1 >= count) return;
      hash = this.roll(hash, sample[beginning] ?? 0, sample[beginning + this.width] ?? 0);
    }
  }

  #add(hash: number): number {
    const bucket = this.#bucket(hash);
    this.#next.push(this.#heads[bucket] ?? -1);
    this.#beginnings.push([]);
    this.#marked.push(false);
    this.#heads[bucket] = this.#hashes.length;
    return this.#hashes.push(hash) - 1;
  }

  #isEqual(window: number, symbols: SymbolArray | Int32Array, first: number): boolean {
    const beginning = this.#beginnings[window]?.[0] ?? 0;
    for (let offset = 0; offset < this.width; offset++) {
      if (this.#sample[beginning + offset] !== symbols[first + offset]) return false;
    }
    return true;
  }

  #bucket(hash: number): number {
    return Math.imul(hash, 0x9e3779b1) >>> this.#shift;
  }
}

function enter(hash: number, symbol: number): number {
  return (Math.imul(hash, multiplier) + symbol + 1) | 0;
}
