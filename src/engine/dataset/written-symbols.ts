import type { SymbolArray } from './corpus.ts';
import { allocateSymbols } from './vocabulary.ts';

/** A text written in another vocabulary. */
export interface Written {
  readonly symbols: SymbolArray;
  /** The position in the text, in its own symbols, of a written symbol; the text's length for the end. */
  readonly sourceOf: (index: number) => number;
}

/** Symbols as they arrive, in an array as narrow as the vocabulary allows, with their origins. */
export class WrittenSymbols {
  readonly #size: number;
  #symbols: SymbolArray;
  #length = 0;
  #read = 0;
  /** From each of these positions up to the next, the two texts correspond symbol for symbol. */
  readonly #places: number[] = [0];
  readonly #sources: number[] = [0];

  constructor(size: number, expected: number) {
    this.#size = size;
    this.#symbols = allocateSymbols(size, expected + 16);
  }

  /** Symbols of the text so far. */
  get read(): number {
    return this.#read;
  }

  /** Adds the representation of the next `count` symbols of the text. */
  push(indices: readonly number[], count: number): void {
    if (this.#length + indices.length > this.#symbols.length) this.#grow(indices.length);
    for (const index of indices) this.#symbols[this.#length++] = index;
    this.#read += count;
    if (indices.length !== count) this.#mark();
  }

  finish(): Written {
    const [places, sources, end] = [this.#places, this.#sources, this.#read];
    const sourceOf = (index: number): number => {
      const mark = lastAtMost(places, index);
      const source = (sources[mark] ?? 0) + index - (places[mark] ?? 0);
      return Math.min(source, sources[mark + 1] ?? end);
    };
    return { symbols: this.#symbols.subarray(0, this.#length), sourceOf };
  }

  #mark(): void {
    if (this.#places.at(-1) === this.#length) {
      this.#sources[this.#sources.length - 1] = this.#read;
      return;
    }
    this.#places.push(this.#length);
    this.#sources.push(this.#read);
  }

  #grow(needed: number): void {
    const larger = allocateSymbols(this.#size, Math.ceil(this.#symbols.length * 1.5) + needed);
    larger.set(this.#symbols);
    this.#symbols = larger;
  }
}

/** Index of the last of ascending numbers, the first of them 0, that is at most `wanted`. */
function lastAtMost(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
