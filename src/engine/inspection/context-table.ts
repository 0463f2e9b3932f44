import type { SymbolArray } from '../dataset/corpus.ts';
import type { Range } from './pieces.ts';

/** Context lengths in symbols; each falls back to the next shorter one. */
const orders = [1, 2, 3, 4, 5, 6] as const;
/** Weight of the shorter context against n for a context that occurred n times. */
const fallback = 1;

interface Order {
  /** The number of each context, by its hash. */
  readonly known: Map<number, number>;
  /** The context of each training symbol. */
  readonly learned: Int32Array;
  /** The context of each scored symbol; -1 for one that does not occur in training. */
  readonly scored: Int32Array;
}

export interface LastSymbols {
  readonly one: Float32Array;
  readonly three: Float32Array;
  readonly six: Float32Array;
}

/**
 * What the last 1 to 6 symbols predict about a label: the mean label after the same symbols in another part of the text, mixed with that of the
 * shorter context where a context is rare. Contexts are looked up once and serve every property.
 */
export class ContextTable {
  readonly #orders: readonly Order[];
  readonly #learnedSymbols: number;

  /**
   * @param ranges positions to learn from
   * @param scored positions to predict
   */
  constructor(symbols: SymbolArray, ranges: readonly Range[], scored: Uint32Array) {
    this.#learnedSymbols = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#orders = orders.map((order) => {
      const known = new Map<number, number>();
      const learned = new Int32Array(this.#learnedSymbols);
      let at = 0;
      for (const { start, end } of ranges) {
        for (let place = start; place < end; place++) {
          const hash = hashAt(symbols, place, order);
          const context = known.get(hash) ?? known.size;
          if (context === known.size) known.set(hash, context);
          learned[at++] = context;
        }
      }
      const ofScored = Int32Array.from(scored, (place) => known.get(hashAt(symbols, place, order)) ?? -1);
      return { known, learned, scored: ofScored };
    });
  }

  /** @param labels of the training symbols, in order */
  predict(labels: Float32Array): LastSymbols {
    const mean = labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
    const scored = this.#orders[0]?.scored.length ?? 0;
    let shorter = new Float32Array(scored).fill(mean);
    const predictions = this.#orders.map(({ known, learned, scored: contexts }) => {
      const sums = new Float64Array(known.size);
      const counts = new Uint32Array(known.size);
      learned.forEach((context, index) => {
        sums[context] = (sums[context] ?? 0) + (labels[index] ?? 0);
        counts[context] = (counts[context] ?? 0) + 1;
      });
      shorter = shorter.map((value, index) => {
        const context = contexts[index] ?? -1;
        if (context < 0) return value;
        return ((sums[context] ?? 0) + fallback * value) / ((counts[context] ?? 0) + fallback);
      });
      return shorter;
    });
    const [one = shorter, , three = shorter, , , six = shorter] = predictions;
    return { one, three, six };
  }
}

/** A number for the `order` symbols that end at a place: exact while it fits, else a hash so wide that two contexts hardly ever collide. */
function hashAt(symbols: SymbolArray, place: number, order: number): number {
  let [high, low] = [0, 0x811c9dc5];
  for (let at = place - order + 1; at <= place; at++) {
    const symbol = at < 0 ? -1 : (symbols[at] ?? -1);
    low = Math.imul(low ^ (symbol + 1), 0x01000193);
    high = Math.imul(high + symbol + 1, 0x2c1b3c6d) ^ (high >>> 13);
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
