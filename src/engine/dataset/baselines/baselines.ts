import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import type { SymbolArray } from '../corpus.ts';
import { CounterTable } from '../survey/hash-table.ts';
import { createTripleCounts, type TripleCounts } from './ngram-counts.ts';
import { runAt } from '../../../shared/planning/split-runs.ts';

/** The validation losses, in nats per symbol, of models that only count: baselines for a trained model. Null where either split is empty. */
export interface Baselines {
  /** ln V: every symbol equally likely. */
  readonly uniform: number;
  /** Symbol frequencies. */
  readonly unigram: number | null;
  /** Frequencies given the previous symbol. */
  readonly bigram: number | null;
  /** Frequencies given the two previous symbols. */
  readonly trigram: number | null;
  /** True when a very large vocabulary forced bigram and trigram to be measured on a sample. */
  readonly isEstimate: boolean;
}

/**
 * Smoothing: a context's own counts, plus this many observations distributed as the next shorter context predicts
 * (p_n = (count + strength * p_(n-1)) / (total + strength), and p_0 = 1/V).
 */
const strength = 2;

/**
 * Counts a text as it is streamed, on exactly the split a run would use: frequencies from the targets of the train columns, scores on the
 * targets of the validation columns. A context is what precedes in the text, even across a chunk boundary, because the hidden state that a
 * model carries crosses it too.
 */
export class BaselineCounter {
  readonly #plan: ChunkPlan;
  readonly #kept: number;
  readonly #vocabularySize: number;
  readonly #triples: TripleCounts;
  readonly #first: number[] = [];
  #position = 0;
  #before = 0;
  #last = 0;

  constructor(plan: ChunkPlan, vocabularySize: number) {
    this.#plan = plan;
    this.#kept = plan.input.characters - plan.dropped;
    this.#vocabularySize = vocabularySize;
    this.#triples = createTripleCounts(vocabularySize);
  }

  /** Adds the next `length` symbols; those in the dropped tail are skipped. */
  add(symbols: SymbolArray, length: number): void {
    let at = 0;
    while (at < length && this.#position < this.#kept) {
      if (this.#position < 2) {
        this.#begin(symbols[at++] ?? 0);
        continue;
      }
      // The split of a target is that of the position before it, where it is predicted.
      const run = runAt(this.#plan, this.#position - 1);
      const end = at + Math.min(run.length, length - at, this.#kept - this.#position);
      if (run.split === 'test') this.#skip(symbols, at, end);
      else this.#count(symbols, at, end, run.split === 'train');
      at = end;
    }
  }

  /** Call after the last symbol. */
  finish(): Baselines {
    const [zeroth, first] = this.#first;
    if (zeroth !== undefined) this.#addAt(this.#kept - 1, this.#before, this.#last, zeroth);
    // The text wraps around, as its last target does: the last symbol precedes the first.
    if (zeroth !== undefined && first !== undefined) this.#addAt(0, this.#last, zeroth, first);
    return measure(this.#triples, this.#vocabularySize);
  }

  #begin(symbol: number): void {
    this.#first.push(symbol);
    this.#before = this.#position === 0 ? symbol : this.#last;
    this.#last = symbol;
    this.#position += 1;
  }

  #count(symbols: SymbolArray, from: number, to: number, isTrain: boolean): void {
    const triples = this.#triples;
    let before = this.#before;
    let last = this.#last;
    for (let at = from; at < to; at += 1) {
      const symbol = symbols[at] ?? 0;
      triples.add(before, last, symbol, isTrain);
      before = last;
      last = symbol;
    }
    this.#before = before;
    this.#last = last;
    this.#position += to - from;
  }

  #skip(symbols: SymbolArray, from: number, to: number): void {
    this.#before = to - from > 1 ? (symbols[to - 2] ?? 0) : this.#last;
    this.#last = symbols[to - 1] ?? 0;
    this.#position += to - from;
  }

  #addAt(position: number, a: number, b: number, c: number): void {
    const { split } = runAt(this.#plan, position);
    if (split !== 'test') this.#triples.add(a, b, c, split === 'train');
  }
}

/** Baselines of a text that is in memory. */
export function measureBaselines(symbols: SymbolArray, plan: ChunkPlan, vocabularySize: number): Baselines {
  const counter = new BaselineCounter(plan, vocabularySize);
  counter.add(symbols, symbols.length);
  return counter.finish();
}

function measure(triples: TripleCounts, vocabularySize: number): Baselines {
  const table = new Frequencies(vocabularySize);
  triples.forEach((a, b, c, train) => table.learn(a, b, c, train));
  const sums = [0, 0, 0];
  let targets = 0;
  triples.forEach((a, b, c, train, validation) => {
    if (validation === 0) return;
    targets += validation;
    table.predict(a, b, c, train).forEach((p, order) => {
      sums[order] = (sums[order] ?? 0) - validation * Math.log(p);
    });
  });
  const isMeasured = targets > 0 && table.total > 0;
  const [unigram, bigram, trigram] = sums.map((sum) => (isMeasured ? sum / targets : null));
  return {
    uniform: Math.log(vocabularySize),
    unigram: unigram ?? null,
    bigram: bigram ?? null,
    trigram: trigram ?? null,
    isEstimate: triples.isSampled,
  };
}

/** Sums of the training triples over their contexts. */
class Frequencies {
  total = 0;
  readonly #size: number;
  readonly #asTarget: Float64Array;
  readonly #asContext: Float64Array;
  /** By pair: its count as context and target, and as the context of a third. */
  readonly #pairs = new CounterTable();

  constructor(size: number) {
    this.#size = size;
    this.#asTarget = new Float64Array(size);
    this.#asContext = new Float64Array(size);
  }

  learn(a: number, b: number, c: number, count: number): void {
    if (count === 0) return;
    this.total += count;
    this.#asTarget[c] = (this.#asTarget[c] ?? 0) + count;
    this.#asContext[b] = (this.#asContext[b] ?? 0) + count;
    this.#pairs.add(b * this.#size + c, count, 0);
    this.#pairs.add(a * this.#size + b, 0, count);
  }

  /** Probability of c alone, after b, and after a b; `count` is the training count of the triple. */
  predict(a: number, b: number, c: number, count: number): readonly [number, number, number] {
    const unigram = smooth(this.#asTarget[c] ?? 0, this.total, 1 / this.#size);
    const bigram = smooth(this.#pairs.first(b * this.#size + c), this.#asContext[b] ?? 0, unigram);
    return [unigram, bigram, smooth(count, this.#pairs.second(a * this.#size + b), bigram)];
  }
}

function smooth(count: number, total: number, shorter: number): number {
  return (count + strength * shorter) / (total + strength);
}
