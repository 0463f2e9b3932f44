import { formatDuration } from '../../shared/format/durations.ts';
import { formatCount, formatEpoch } from '../../shared/format/numbers.ts';

/** What the horizontal axis counts. Time is that of training steps, in milliseconds; measuring and pauses do not count. */
export type XAxis = 'iteration' | 'epoch' | 'time';

export const xAxisChoices = [
  { value: 'iteration', label: 'Iteration' },
  { value: 'epoch', label: 'Epoch' },
  { value: 'time', label: 'Time' },
] as const satisfies readonly { readonly value: XAxis; readonly label: string }[];

export function xTitle(axis: XAxis): string {
  switch (axis) {
    case 'iteration':
      return 'iteration';
    case 'epoch':
      return 'epoch';
    case 'time':
      return 'time spent training';
  }
}

/** A value of the axis in a sentence: "iteration 2,400", "epoch 5.67", "after 3 min". */
export function describeX(axis: XAxis, value: number): string {
  return axis === 'time' ? `after ${formatDuration(value)}` : `${axis} ${formatX(axis, value)}`;
}

export function formatX(axis: XAxis, value: number): string {
  switch (axis) {
    case 'iteration':
      return formatCount(value);
    case 'epoch':
      return formatEpoch(value);
    case 'time':
      return formatDuration(value);
  }
}
