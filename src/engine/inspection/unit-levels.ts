import { percentileSteps, type UnitScale } from '../../shared/domain/inspection.ts';

/** Steps of the fine scale from which quantiles are read. */
const steps = 4096;
/** Number of levels of a value: one byte. */
export const levelCount = 256;
/** Symbols that determine the boundaries of the levels. */
const firstSymbols = 4096;
/** Symbols written at a time: a unit's levels are far from the next unit's in memory. */
const blockSymbols = 64;

/**
 * Every unit's activation at every symbol, one byte each. The order of values is preserved, as rank-based scores need: half of the levels are
 * spaced to be equally frequent among the first symbols, half are spaced evenly on a scale that covers every number, v / (1 + |v|).
 */
export class UnitLevels {
  /** [unit][symbol]. */
  readonly levels: Uint8Array;
  readonly units: number;
  readonly symbols: number;
  /** [unit][step]: number of values. */
  readonly #counts: Uint32Array;
  readonly #sums: Float64Array;
  /** [unit][step]: its level; undefined until the first symbols have been added. */
  #levelOf: Uint8Array | undefined;
  /** [symbol][unit] steps that wait for the levels, or for their block to fill; and the positions of those symbols. */
  readonly #waiting: Uint16Array;
  readonly #positions: Uint32Array;
  #waited = 0;
  #written = 0;

  constructor(units: number, symbols: number) {
    this.units = units;
    this.symbols = symbols;
    this.levels = new Uint8Array(units * symbols);
    this.#counts = new Uint32Array(units * steps);
    this.#sums = new Float64Array(units);
    this.#positions = new Uint32Array(Math.min(firstSymbols, Math.max(1, symbols)));
    this.#waiting = new Uint16Array(this.#positions.length * units);
  }

  /** Adds the states at a position; each position once, in any order. */
  add(position: number, states: Float32Array): void {
    this.#positions[this.#waited] = position;
    const first = this.#waited * this.units;
    for (let unit = 0; unit < this.units; unit++) {
      const value = states[unit] ?? 0;
      const step = stepOf(value);
      this.#waiting[first + unit] = step;
      const count = unit * steps + step;
      this.#counts[count] = (this.#counts[count] ?? 0) + 1;
      this.#sums[unit] = (this.#sums[unit] ?? 0) + value;
    }
    this.#waited += 1;
    const isLast = this.#written + this.#waited === this.symbols;
    const wanted = this.#levelOf === undefined ? firstSymbols : blockSymbols;
    if (this.#waited >= wanted || isLast) this.#write();
  }

  /** The range of a unit over everything that was added. */
  scale(unit: number): UnitScale {
    const counts = this.#counts.subarray(unit * steps, (unit + 1) * steps);
    return {
      mean: (this.#sums[unit] ?? 0) / Math.max(1, this.symbols),
      low: quantile(counts, this.symbols, 0.01),
      middle: quantile(counts, this.symbols, 0.5),
      high: quantile(counts, this.symbols, 0.99),
      percentiles: Array.from({ length: percentileSteps + 1 }, (_, step) =>
        quantile(counts, this.symbols, step / percentileSteps),
      ),
    };
  }

  #write(): void {
    this.#levelOf ??= chooseLevels(this.#counts, this.units);
    for (let unit = 0; unit < this.units; unit++) {
      for (let row = 0; row < this.#waited; row++) {
        const step = this.#waiting[row * this.units + unit] ?? 0;
        const target = unit * this.symbols + (this.#positions[row] ?? 0);
        this.levels[target] = this.#levelOf[unit * steps + step] ?? 0;
      }
    }
    this.#written += this.#waited;
    this.#waited = 0;
  }
}

/** Maps any number to 0..4095, preserving order. */
function stepOf(value: number): number {
  const squashed = value / (1 + Math.abs(value));
  const step = Math.floor(((squashed + 1) / 2) * steps);
  return step >= steps ? steps - 1 : step >= 0 ? step : 0;
}

/** The value at the middle of a step. */
function valueOf(step: number): number {
  const squashed = ((step + 0.5) / steps) * 2 - 1;
  return squashed / (1 - Math.abs(squashed));
}

function chooseLevels(counts: Uint32Array, units: number): Uint8Array {
  const levelOf = new Uint8Array(counts.length);
  for (let unit = 0; unit < units; unit++) {
    const own = counts.subarray(unit * steps, (unit + 1) * steps);
    const total = own.reduce((sum, count) => sum + count, 0);
    let below = 0;
    own.forEach((count, step) => {
      const share = (below + count / 2) / Math.max(1, total) / 2 + (step + 0.5) / steps / 2;
      levelOf[unit * steps + step] = Math.min(levelCount - 1, Math.floor(share * levelCount));
      below += count;
    });
  }
  return levelOf;
}

function quantile(counts: Uint32Array, total: number, share: number): number {
  let below = 0;
  for (let step = 0; step < steps; step++) {
    below += counts[step] ?? 0;
    if (below >= total * share && below > 0) return valueOf(step);
  }
  return 0;
}
