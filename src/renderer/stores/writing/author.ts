import { formatEpoch, formatLoss } from '../../../shared/format/numbers.ts';
import type { LoadedModel } from './versions.ts';

/** "Moby Dick (epoch 12.50, validation loss 1.4321)". */
export function authorName({ title, epoch, validationLoss }: LoadedModel): string {
  return `${title} (epoch ${formatEpoch(epoch)}, validation loss ${formatLoss(validationLoss)})`;
}
