import { durationInWords } from '../../../shared/format/durations.ts';
import { formatCount } from '../../../shared/format/numbers.ts';
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
