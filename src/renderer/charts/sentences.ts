import { formatCount, formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import type { EvaluationPoint } from './run-series.ts';

export type Trend = 'falling' | 'rising' | 'level';

/** A change below this fraction of a loss is due to chance. */
const chance = 0.005;

/** Whether values go down or up at their end: the mean of the last quarter against that of the quarter before. */
export function trendOf(values: ArrayLike<number>): Trend {
  const quarter = Math.max(1, Math.floor(values.length / 4));
  const late = meanOf(values, values.length - quarter, values.length);
  const early = meanOf(values, values.length - 2 * quarter, values.length - quarter);
  if (!(Math.abs(late - early) > chance * Math.abs(early))) return 'level';
  return late < early ? 'falling' : 'rising';
}

function meanOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let index = Math.max(0, from); index < to; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** A summary of a run's curves: last value, best value, trend. */
export function describeLosses(
  smoothed: Float64Array,
  iteration: number,
  evaluations: readonly EvaluationPoint[],
): string {
  const measured = evaluations.filter(({ loss }) => !Number.isNaN(loss));
  const last = measured.at(-1);
  if (smoothed.length === 0 && last === undefined) return 'No measurements yet.';
  const training =
    smoothed.length === 0
      ? ''
      : `Training loss ${formatLoss(smoothed[smoothed.length - 1] ?? Number.NaN)} at iteration ${formatCount(iteration)}, ${trendOf(smoothed)}. `;
  if (last === undefined) return `${training}The validation loss has not been measured yet.`;
  const best = measured.reduce((lowest, point) => (point.loss < lowest.loss ? point : lowest));
  const trend = measured.length < 2 ? '' : `, ${trendOf(measured.map(({ loss }) => loss))}`;
  const lowest =
    best === last
      ? 'the lowest so far'
      : `lowest ${formatLoss(best.loss)} at epoch ${formatEpoch(best.epoch)}`;
  return `${training}Validation loss ${formatLoss(last.loss)}${trend}; ${lowest}.`;
}

/** More symbols than any script has. */
const maxChoices = 100_000;

/** A loss in intuitive terms: the number of equally likely symbols that the model hesitates between. */
export function describeChoices(loss: number): string {
  const choices = Math.exp(loss);
  if (choices > maxChoices) return 'far worse than random guessing';
  const count = choices >= 100 ? formatCount(choices) : choices.toFixed(1);
  return `like choosing among ${count} equally likely symbols`;
}
