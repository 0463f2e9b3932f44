import { ranksOf } from '../../shared/statistics/ranks.ts';
import { levelCount, type UnitLevels } from './unit-levels.ts';

/** Labels of some symbols with their positions, both in order. */
export interface LabelledPositions {
  readonly positions: Uint32Array;
  readonly labels: Float32Array;
}

/** Ranks of numbers, ties averaged, centred and scaled to between -1 and 1; their sum is 0. */
export function centredRanks(values: Float32Array): Float32Array {
  return Float32Array.from(ranksOf(values), (rank) => (2 * rank - 1) / values.length - 1);
}

/** The area under the ROC curve: the probability that a value is larger where the label is 1; ties count half. */
export function areaUnderCurve(values: Float32Array, labels: Float32Array): number {
  const ranks = centredRanks(values);
  let sum = 0;
  let positives = 0;
  labels.forEach((label, index) => {
    if (label === 0) return;
    positives += 1;
    sum += ranks[index] ?? 0;
  });
  return areaOf(sum, positives, labels.length);
}

/** From the sum of the centred ranks of the positives: their mean is (2 AUC - 1) * negatives / all. */
function areaOf(sum: number, positives: number, all: number): number {
  const negatives = all - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return Math.max(0, Math.min(1, 0.5 + ((sum / positives) * all) / negatives / 2));
}

/**
 * Scores of all units for labels at some positions, by the ranks of their levels. Ranks are computed once; then any labels, including rotated ones,
 * cost one look-up for each unit and counted symbol.
 */
export class UnitScorer {
  readonly #levels: UnitLevels;
  readonly #positions: Uint32Array;
  /** [unit][level]: centred rank of that level among the positions. */
  readonly #ranks: Float32Array;
  /** [unit]: root of the sum of squared ranks. */
  readonly #lengths: Float64Array;

  constructor(levels: UnitLevels, positions: Uint32Array) {
    this.#levels = levels;
    this.#positions = positions;
    this.#ranks = new Float32Array(levels.units * levelCount);
    this.#lengths = new Float64Array(levels.units);
    for (let unit = 0; unit < levels.units; unit++) this.#rankUnit(unit);
  }

  get symbols(): number {
    return this.#positions.length;
  }

  /** For yes-or-no labels: the area under the curve of every unit. */
  areas(labels: Float32Array): Float64Array {
    const positives = this.#positions.filter((_, index) => (labels[index] ?? 0) !== 0);
    const rest = this.#positions.length - positives.length;
    // The smaller group is summed: the ranks of both groups together sum to 0.
    const isFew = positives.length <= rest;
    const added = isFew ? positives : this.#positions.filter((_, index) => (labels[index] ?? 0) === 0);
    return this.#each((ranks, levels) => {
      let sum = 0;
      for (const position of added) sum += ranks[levels[position] ?? 0] ?? 0;
      return areaOf(isFew ? sum : -sum, positives.length, this.#positions.length);
    });
  }

  /** For numeric labels: the rank correlation of every unit. `ranks` are the centred ranks of the labels. */
  correlations(ranks: Float32Array): Float64Array {
    const squares = ranks.reduce((sum, rank) => sum + rank * rank, 0);
    const positions = this.#positions;
    return this.#each((own, levels, unit) => {
      let product = 0;
      for (let index = 0; index < positions.length; index++) {
        product += (ranks[index] ?? 0) * (own[levels[positions[index] ?? 0] ?? 0] ?? 0);
      }
      const length = (this.#lengths[unit] ?? 0) * Math.sqrt(squares);
      return length === 0 ? 0 : product / length;
    });
  }

  #each(score: (ranks: Float32Array, levels: Uint8Array, unit: number) => number): Float64Array {
    const { units, symbols, levels } = this.#levels;
    return Float64Array.from({ length: units }, (_, unit) =>
      score(
        this.#ranks.subarray(unit * levelCount, (unit + 1) * levelCount),
        levels.subarray(unit * symbols, (unit + 1) * symbols),
        unit,
      ),
    );
  }

  #rankUnit(unit: number): void {
    const { symbols, levels } = this.#levels;
    const own = levels.subarray(unit * symbols, (unit + 1) * symbols);
    const counts = new Uint32Array(levelCount);
    for (const position of this.#positions) {
      const level = own[position] ?? 0;
      counts[level] = (counts[level] ?? 0) + 1;
    }
    let below = 0;
    let squares = 0;
    counts.forEach((count, level) => {
      const rank = (2 * below + count) / Math.max(1, this.#positions.length) - 1;
      this.#ranks[unit * levelCount + level] = rank;
      squares += count * rank * rank;
      below += count;
    });
    this.#lengths[unit] = Math.sqrt(squares);
  }
}
