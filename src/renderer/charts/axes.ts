import { formatDuration } from '../../shared/format/durations.ts';
import { formatCount, formatEpoch, formatQuantity } from '../../shared/format/numbers.ts';

/** What the horizontal axis of a run counts. Time is that of training steps, in milliseconds; measuring and pauses do not count. */
export type XAxis = 'iteration' | 'epoch' | 'time';
/** What the horizontal axis of any chart counts: besides those of a run, positions in a text (from 1) and how many of the last characters are read. */
export type ChartAxis = XAxis | 'symbol' | 'characters';

export const xAxisChoices = [
  { value: 'iteration', label: 'Iteration' },
  { value: 'epoch', label: 'Epoch' },
  { value: 'time', label: 'Time' },
] as const satisfies readonly { readonly value: XAxis; readonly label: string }[];

export function xTitle(axis: ChartAxis): string {
  switch (axis) {
    case 'iteration':
      return 'iteration';
    case 'epoch':
      return 'epoch';
    case 'time':
      return 'time spent training';
    case 'symbol':
      return 'symbol of the text';
    case 'characters':
      return 'last characters read';
  }
}

/** A value of the axis in a sentence: "iteration 2,400", "epoch 5.67", "after 3 min". */
export function describeX(axis: ChartAxis, value: number): string {
  if (axis === 'time') return `after ${formatDuration(value)}`;
  if (axis === 'characters') return formatQuantity(value, 'character');
  return `${axis} ${formatX(axis, value)}`;
}

export function formatX(axis: ChartAxis, value: number): string {
  switch (axis) {
    case 'iteration':
    case 'symbol':
    case 'characters':
      return formatCount(value);
    case 'epoch':
      return formatEpoch(value);
    case 'time':
      return formatDuration(value);
  }
}
