import type { EvaluationEvent, StepEvent } from '../shared/domain/run-event.ts';
import { mean } from '../shared/statistics/averages.ts';
import type { RunHistory } from './history.ts';

/** Number of steps whose mean is the training loss at a point: the loss of one batch means little. */
export const window = 200;

/** An evaluation beside the training loss at that time. */
export interface Measured {
  readonly iteration: number;
  readonly epoch: number;
  readonly validation: number;
  /** Mean over the window of steps before the evaluation; not a number when no step is known. */
  readonly train: number;
  /** The evaluation in parts, if it has them. */
  readonly parts: readonly number[] | undefined;
}

/** The evaluations that were numbers, each beside the training loss. */
export function measure({ evaluations, steps }: RunHistory): readonly Measured[] {
  let next = 0;
  return evaluations.filter(isMeasured).map(({ iteration, epoch, validationLoss, parts }) => {
    while ((steps[next]?.iteration ?? Infinity) <= iteration) next++;
    const train = meanLoss(steps.slice(Math.max(0, next - window), next));
    return { iteration, epoch, validation: validationLoss, train, parts };
  });
}

function isMeasured(point: EvaluationEvent): point is EvaluationEvent & { readonly validationLoss: number } {
  return point.validationLoss !== null;
}

/** The lowest mean over a whole window of steps; windows follow one another, so that the work stays linear. Infinity when there is none. */
export function lowestMean(steps: readonly StepEvent[]): number {
  let lowest = Infinity;
  for (let end = window; end <= steps.length; end += window) {
    lowest = Math.min(lowest, meanLoss(steps.slice(end - window, end)));
  }
  return lowest;
}

/** Mean of the losses that were numbers; not a number if there are none. */
export function meanLoss(steps: readonly StepEvent[]): number {
  return mean(steps.flatMap(({ loss }) => (loss === null ? [] : [loss])));
}
