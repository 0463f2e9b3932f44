import { formatQuantity } from './numbers.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The two largest units, enough to plan by: 860 -> "0.9 s", 95000 -> "1 min 35 s", 7500000 -> "2 h 5 min". */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) return 'unknown';
  if (milliseconds < 9.95 * second) return `${(milliseconds / second).toFixed(1)} s`;
  // Rounded before it is split, so that 59.7 s reads 1 min and never 60 s.
  const rounded = roundTo(milliseconds, milliseconds < hour ? second : minute);
  if (rounded < minute) return `${rounded / second} s`;
  if (rounded < hour) return pair(rounded, minute, 'min', second, 's');
  const toMinutes = roundTo(milliseconds, minute);
  if (toMinutes < day) return pair(toMinutes, hour, 'h', minute, 'min');
  return pair(roundTo(milliseconds, hour), day, 'd', hour, 'h');
}

function roundTo(value: number, unit: number): number {
  return Math.round(value / unit) * unit;
}

function pair(value: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(value / large);
  const rest = Math.floor((value % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** A duration in spoken form: "less than a minute", "12 minutes", "2 hours 5 minutes", "3 days". */
export function durationInWords(milliseconds: number): string {
  if (milliseconds < 0.75 * minute) return 'less than a minute';
  const minutes = Math.round(milliseconds / minute);
  if (minutes < 60) return formatQuantity(minutes, 'minute');
  if (minutes >= 36 * 60) return formatQuantity(Math.round(milliseconds / day), 'day');
  const rest = minutes % 60;
  const hours = formatQuantity(Math.floor(minutes / 60), 'hour');
  return rest === 0 ? hours : `${hours} ${formatQuantity(rest, 'minute')}`;
}

/** An estimate in spoken form: "about 40 seconds", "about 2 minutes". */
export function estimateInWords(milliseconds: number): string {
  const step = 10 * second;
  if (milliseconds >= 0.75 * minute) return `about ${durationInWords(milliseconds)}`;
  return `about ${Math.max(1, Math.round(milliseconds / step)) * 10} seconds`;
}

/** A moment, as "2026-11-24 07:49" in local time; empty for an unreadable one. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return '';
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${date} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
