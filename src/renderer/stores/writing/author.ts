import { formatEpoch, formatLoss } from '../../../shared/format/numbers.ts';
import { weightsRemark } from '../../../shared/format/used-weights.ts';
import type { LoadedModel } from './versions.ts';

/** "Moby Dick (epoch 12.50, validation loss 1.4321)". */
export function authorName({ title, epoch, validationLoss, weights }: LoadedModel): string {
  return `${title} (epoch ${formatEpoch(epoch)}, validation loss ${formatLoss(validationLoss)}${weightsRemark(weights)})`;
}
