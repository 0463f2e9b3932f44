import { CounterTable, hashKey } from '../survey/hash-table.ts';

/** How often a triple of symbols (the last is the target, the others the two before it) occurs in either split. */
export type VisitTriple = (a: number, b: number, c: number, train: number, validation: number) => void;

/** Counts of triples by split. Everything the baselines need can be summed from them. */
export interface TripleCounts {
  add(a: number, b: number, c: number, isTrain: boolean): void;
  forEach(visit: VisitTriple): void;
  /** True when only a sample of the contexts was kept, so that memory stays bounded. */
  readonly isSampled: boolean;
}

/** Up to this many symbols a plain table of V^3 counters is fast and small enough (2 x 16 MB at 160). */
const densest = 160;

/** Counters for a vocabulary of V. */
export function createTripleCounts(vocabularySize: number): TripleCounts {
  return vocabularySize <= densest ? new DenseCounts(vocabularySize) : new SparseCounts(vocabularySize);
}

class DenseCounts implements TripleCounts {
  readonly isSampled = false;
  readonly #size: number;
  readonly #train: Uint32Array;
  readonly #validation: Uint32Array;

  constructor(size: number) {
    this.#size = size;
    this.#train = new Uint32Array(size ** 3);
    this.#validation = new Uint32Array(size ** 3);
  }

  add(a: number, b: number, c: number, isTrain: boolean): void {
    const counts = isTrain ? this.#train : this.#validation;
    const at = (a * this.#size + b) * this.#size + c;
    counts[at] = (counts[at] ?? 0) + 1;
  }

  forEach(visit: VisitTriple): void {
    let at = 0;
    for (let a = 0; a < this.#size; a += 1) {
      for (let b = 0; b < this.#size; b += 1) {
        for (let c = 0; c < this.#size; c += 1, at += 1) {
          const train = this.#train[at] ?? 0;
          const validation = this.#validation[at] ?? 0;
          if (train + validation > 0) visit(a, b, c, train, validation);
        }
      }
    }
  }
}

/** About 800 MB at most, while the table doubles. */
export const maxTriples = 2 ** 24;

/**
 * Large vocabularies: a hash table. When it is full, whole contexts (a, b) are dropped, half of them at a time, selected by their hash; the table
 * still has every occurrence of the remaining contexts, so averages over it stay unbiased.
 */
export class SparseCounts implements TripleCounts {
  readonly #size: number;
  readonly #capacity: number;
  readonly #table = new CounterTable(2 ** 16);
  #sampling = 1;

  constructor(size: number, capacity = maxTriples) {
    this.#size = size;
    this.#capacity = capacity;
  }

  get isSampled(): boolean {
    return this.#sampling > 1;
  }

  add(a: number, b: number, c: number, isTrain: boolean): void {
    const context = a * this.#size + b;
    if (this.#sampling > 1 && !isKept(context, this.#sampling)) return;
    this.#table.add(context * this.#size + c, isTrain ? 1 : 0, isTrain ? 0 : 1);
    while (this.#table.size >= this.#capacity) this.#thin();
  }

  forEach(visit: VisitTriple): void {
    const size = this.#size;
    this.#table.forEach((key, train, validation) => {
      const context = Math.floor(key / size);
      visit(Math.floor(context / size), context % size, key % size, train, validation);
    });
  }

  #thin(): void {
    this.#sampling *= 2;
    this.#table.retain((key) => isKept(Math.floor(key / this.#size), this.#sampling));
  }
}

/** One context in `sampling` (a power of two), by a separate hash: with the table's own, the remaining ones would collide. */
function isKept(context: number, sampling: number): boolean {
  return (hashKey(hashKey(context)) & (sampling - 1)) === 0;
}
