import { formatMoment } from './durations.ts';
import { formatQuantity } from './numbers.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago something was: "just now", "5 minutes ago", "yesterday"; the date itself after a week. */
export function formatAge(iso: string, now: number): string {
  const age = now - new Date(iso).getTime();
  if (Number.isNaN(age)) return '';
  if (age < minute) return 'just now';
  if (age < hour) return `${formatQuantity(Math.floor(age / minute), 'minute')} ago`;
  if (age < day) return `${formatQuantity(Math.floor(age / hour), 'hour')} ago`;
  if (age < 2 * day) return 'yesterday';
  if (age < 7 * day) return `${formatQuantity(Math.floor(age / day), 'day')} ago`;
  return formatMoment(iso).slice(0, 10);
}
