import { formatEpoch, formatLoss, formatQuantity } from '../../../shared/format/numbers.ts';
import type { Checkpoint } from '../../../shared/domain/checkpoint.ts';
import { mean } from '../../../shared/statistics/averages.ts';

/** Which checkpoint to use, and since when the run has been overfitting. */
export interface BestSentence {
  readonly level: 'good' | 'warning' | 'note';
  readonly sentence: string;
}

/** A rise smaller than this fraction of the loss is due to chance. */
const chance = 0.005;

/** A summary of the list: the best, whether it is the last, and whether the loss has been rising since. Null if there is nothing to say. */
export function describeBest(checkpoints: readonly Checkpoint[]): BestSentence | null {
  const usable = checkpoints
    .filter(({ problem }) => problem === null)
    .toSorted((a, b) => a.iteration - b.iteration);
  const best = usable.find((checkpoint) => checkpoint.best);
  const last = usable.at(-1);
  if (last === undefined) return null;
  if (best?.validationLoss === undefined || best.validationLoss === null) {
    return { level: 'note', sentence: 'No validation loss was measured, so there is no best checkpoint.' };
  }
  const where = `Use the checkpoint of epoch ${formatEpoch(best.epoch)}: its validation loss of ${formatLoss(best.validationLoss)} is the lowest`;
  if (usable.length === 1) return { level: 'note', sentence: `${where}. It is the only one so far.` };
  if (best === last) {
    // A learning rate of zero for the next iteration: the end of a schedule that falls to zero.
    const why =
      last.learningRate === 0
        ? 'the learning rate has reached zero, so the run is complete'
        : 'the run was still improving';
    return { level: 'good', sentence: `${where}. It is also the last checkpoint; ${why}.` };
  }
  const after = usable.slice(usable.indexOf(best) + 1);
  const later =
    after.length === 1
      ? 'The later checkpoint is worse'
      : `The ${formatQuantity(after.length, 'later checkpoint')} are worse`;
  return rises(best.validationLoss, after)
    ? {
        level: 'warning',
        sentence: `${where}. ${later}: since then the run has been overfitting.`,
      }
    : { level: 'note', sentence: `${where}. ${later}, which may be chance.` };
}

/** Two measurements or more, and the last of them above the best by more than chance. */
function rises(lowest: number, after: readonly Checkpoint[]): boolean {
  const losses = after.flatMap(({ validationLoss }) => (validationLoss === null ? [] : [validationLoss]));
  return losses.length >= 2 && mean(losses.slice(-3)) > lowest * (1 + chance);
}
