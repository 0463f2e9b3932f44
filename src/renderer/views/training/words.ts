import { formatCount, formatQuantity } from '../../../shared/format/numbers.ts';
import type { Run } from '../../../shared/domain/run.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A time in words, as it is spoken: "less than a minute", "12 minutes", "2 hours 5 minutes", "3 days". */
export function durationInWords(milliseconds: number): string {
  if (milliseconds < 0.75 * minute) return 'less than a minute';
  const minutes = Math.round(milliseconds / minute);
  if (minutes < 60) return formatQuantity(minutes, 'minute');
  if (minutes >= 36 * 60) return formatQuantity(Math.round(milliseconds / day), 'day');
  const rest = minutes % 60;
  const hours = formatQuantity(Math.floor(minutes / 60), 'hour');
  return rest === 0 ? hours : `${hours} ${formatQuantity(rest, 'minute')}`;
}

/** What a screen reader is told now and then while a run trains. */
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
