import type { SymbolArray } from '../dataset/corpus.ts';
import { SampleWindows } from './sample-windows.ts';

/** A passage of the sample that occurs word for word in the text. */
export interface Passage {
  /** First symbol in the sample, from 0. */
  readonly start: number;
  /** Symbols. */
  readonly length: number;
  /** First symbol in the text, from 0. */
  readonly position: number;
}

/** Symbols of a text from `start` up to but not including `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface CopiedParts {
  /** The longest first; at least half of each is not covered by longer ones. */
  readonly passages: readonly Passage[];
  /** Every part of the sample that passages cover, in order, not touching each other. */
  readonly covered: readonly { readonly start: number; readonly length: number }[];
  /** Total number of symbols covered. */
  readonly symbols: number;
}

/**
 * Finds passages of a sample that occur word for word in a text of any length. The sample is indexed by its windows of `shortest` symbols, and the
 * text is scanned once with a rolling hash (Karp and Rabin, 1987): linear in the text, with memory that does not grow with it. Coverage is exact; for
 * a repetitive sample only the first repeats become passages.
 */
export class PassageSearch {
  readonly #sample: Int32Array;
  readonly #windows: SampleWindows;
  /** By start position in the sample: the length of the longest passage from there (0 for none), and its position in the text. */
  readonly #lengths: Int32Array;
  readonly #positions: Float64Array;

  /** Symbols are the text's own indices; -1 is a symbol that does not occur in the text. `shortest` is at least 1. */
  constructor(sample: Int32Array, shortest: number) {
    this.#sample = sample;
    this.#windows = new SampleWindows(sample, shortest);
    this.#lengths = new Int32Array(sample.length);
    this.#positions = new Float64Array(sample.length);
  }

  /**
   * Scans every window that starts from `from` up to but not including `to`; a passage never extends beyond the scanned part, which may be scanned in
   * several calls.
   */
  scan(text: SymbolArray, stretch: Stretch, from = stretch.start, to = stretch.end): void {
    const { width } = this.#windows;
    const last = Math.min(to, stretch.end - width + 1) - 1;
    if (from > last) return;
    let hash = this.#windows.hashAt(text, from);
    for (let first = from; ; first++) {
      const window = this.#windows.find(hash, text, first);
      for (const beginning of this.#windows.mark(window)) this.#measure(text, beginning, first, stretch);
      if (first >= last) return;
      hash = this.#windows.roll(hash, text[first] ?? 0, text[first + width] ?? 0);
    }
  }

  /** Everything found in the scanned parts. */
  finish(): CopiedParts {
    const covered = this.#windows.covered();
    return {
      passages: this.#passages(),
      covered,
      symbols: covered.reduce((sum, { length }) => sum + length, 0),
    };
  }

  /** The longest first; passages mostly covered by longer ones are left out. */
  #passages(): readonly Passage[] {
    const found: Passage[] = [];
    for (const [start, length] of this.#lengths.entries()) {
      if (length > 0) found.push({ start, length, position: this.#positions[start] ?? 0 });
    }
    found.sort((a, b) => b.length - a.length || a.start - b.start);
    const told = new Uint8Array(this.#sample.length);
    return found.filter(({ start, length }) => {
      const before = told.subarray(start, start + length).reduce((sum, one) => sum + one, 0);
      if (2 * before >= length) return false;
      told.fill(1, start, start + length);
      return true;
    });
  }

  /** Measures a passage only at its start: a match further on is part of the same passage. */
  #measure(text: SymbolArray, beginning: number, first: number, { start, end }: Stretch): void {
    const sample = this.#sample;
    if (first > start && beginning > 0 && text[first - 1] === sample[beginning - 1]) return;
    const most = Math.min(sample.length - beginning, end - first);
    const best = this.#lengths[beginning] ?? 0;
    // Only a match that also agrees just beyond the best so far can be longer. This keeps repetitive texts fast.
    if (best >= most || (best > 0 && sample[beginning + best] !== text[first + best])) return;
    let length = this.#windows.width;
    while (length < most && sample[beginning + length] === text[first + length]) length++;
    if (length <= best) return;
    this.#lengths[beginning] = length;
    this.#positions[beginning] = first;
  }
}
