import type { EarlyStopping } from '../../shared/domain/sweep-space.ts';
import { formatLoss, formatQuantity, formatShare } from '../../shared/format/numbers.ts';
import { isWithinChance } from '../chance.ts';

/** Of the runs that reach a rung, one in this many continues; each rung is this many times the one before. */
const reduction = 3;
/** With fewer runs no comparison is made. */
const fewest = 3;

/** A run's result at a rung. */
export interface RungResult {
  /** Null where it was not a number. */
  readonly loss: number | null;
  /** Part by part; undefined if that is not known, or if the text is split differently. */
  readonly parts: readonly number[] | undefined;
}

/** An evaluation, as far as rungs are concerned. */
interface Evaluation {
  readonly iteration: number;
  readonly validationLoss: number | null;
  readonly parts?: readonly number[] | undefined;
}

/** The rungs of a run in iterations: at a first share of its length, at three times, nine times that share and so on, as long as they are before its end. */
export function rungsOf({ firstRung }: EarlyStopping, iterations: number): readonly number[] {
  const rungs: number[] = [];
  for (let share = firstRung; share < 1; share *= reduction) {
    const rung = Math.max(1, Math.ceil(share * iterations));
    if (rung < iterations && rung !== rungs.at(-1)) rungs.push(rung);
  }
  return rungs;
}

/** A run's result at a rung: its first evaluation there or later; undefined before. */
export function resultAt(evaluations: readonly Evaluation[], rung: number): RungResult | undefined {
  const first = evaluations.find(({ iteration }) => iteration >= rung);
  return first && { loss: first.validationLoss, parts: first.parts };
}

/** Whether the evaluation at an iteration is the first at or after a rung. */
export function isFirstAt(evaluations: readonly Evaluation[], iteration: number, rung: number): boolean {
  return evaluations.find((one) => one.iteration >= rung)?.iteration === iteration;
}

/**
 * Why a run should stop at a rung, in a sentence; null if it should continue. Pure: a run needs only the records of the others. This is the stopping
 * form of asynchronous successive halving (Li et al., 2020): a run continues if it is in the best third of at least three, or if its loss differs
 * from the worst in that third by no more than chance.
 * @param share of its iterations that the run has completed
 */
export function whyStop(own: RungResult, others: readonly RungResult[], share: number): string | null {
  const all = [own, ...others].toSorted((a, b) => lossOf(a) - lossOf(b));
  if (all.length < fewest) return null;
  const kept = all.slice(0, Math.ceil(all.length / reduction));
  const cut = kept.at(-1);
  if (cut === undefined || lossOf(own) <= lossOf(cut)) return null;
  if (isWithinChance(cut.parts, own.parts) === true) return null;
  return (
    `After ${formatShare(share)} of its iterations its validation loss was ${formatLoss(own.loss)}; ` +
    `the best third of the ${formatQuantity(all.length, 'run')} that had come so far was at ${formatLoss(cut.loss)} or lower.`
  );
}

function lossOf({ loss }: RungResult): number {
  return loss ?? Infinity;
}
