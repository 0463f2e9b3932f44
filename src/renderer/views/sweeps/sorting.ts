import type { SweepTask } from '../../../shared/domain/sweep.ts';
import { turned, type Direction } from '../../components/sorting.ts';

/** `setting:` and a key, or another column. */
export type TaskSortKey = 'index' | 'loss' | 'state' | 'node' | 'progress' | `setting:${string}`;

export interface TaskSorting {
  readonly key: TaskSortKey;
  readonly direction: Direction;
}

export const bestFirst: TaskSorting = { key: 'loss', direction: 'ascending' };

/** A second press reverses the direction. */
export function pressed(sorting: TaskSorting, key: TaskSortKey): TaskSorting {
  return { key, direction: sorting.key === key ? turned(sorting.direction) : 'ascending' };
}

/** Sorted for the table: those without a value last, in either direction; equals in the order of the tasks. */
export function sortTasks(
  tasks: readonly SweepTask[],
  { key, direction }: TaskSorting,
): readonly SweepTask[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return tasks.toSorted((a, b) => {
    const [left, right] = [valueOf(a, key), valueOf(b, key)];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || a.index - b.index;
    }
    return compare(left, right) * sign || a.index - b.index;
  });
}

function compare(left: string | number | boolean, right: string | number | boolean): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

function valueOf(task: SweepTask, key: TaskSortKey): string | number | boolean | null {
  switch (key) {
    case 'index':
    case 'loss':
    case 'state':
    case 'node':
      return task[key];
    case 'progress':
      return task.iterations === null || task.iterations === 0 ? null : task.iteration / task.iterations;
    default:
      return task.changes[key.slice('setting:'.length)] ?? null;
  }
}
