import { durationInWords } from '../../../shared/format/durations.ts';
import { formatCount, formatQuantity } from '../../../shared/format/numbers.ts';
import type { Run } from '../../../shared/domain/run.ts';

/** Progress for screen readers during training. */
export function spokenProgress(
  run: Run,
  iteration: number,
  loss: number | null,
  millisecondsLeft: number | null,
): string {
  const parts = [`iteration ${formatCount(iteration)} of ${formatCount(run.iterations)}`];
  if (loss !== null && Number.isFinite(loss)) parts.push(`loss ${loss.toFixed(2)}`);
  if (millisecondsLeft !== null) parts.push(`${durationInWords(millisecondsLeft)} left`);
  return parts.join(', ');
}

/**
 * When a run in the queue starts.
 * @param ahead names of the runs that are trained before it, in this order
 */
export function waitingSentence(ahead: readonly string[]): string {
  const [first, ...others] = ahead;
  const turn =
    first === undefined
      ? 'as soon as no other run is training'
      : `after “${first}”${others.length === 0 ? '' : ` and ${formatQuantity(others.length, 'other run')}`}`;
  return `This run is in the queue and starts automatically ${turn}.`;
}
