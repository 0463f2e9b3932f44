import { turned, type Direction } from '../../components/sorting.ts';
import type { Checkpoint } from '../../../shared/domain/checkpoint.ts';

export const columns = [
  { key: 'epoch', title: 'Epoch', term: 'epoch' },
  { key: 'iteration', title: 'Iteration', term: 'iteration' },
  { key: 'validationLoss', title: 'Validation loss', term: 'validation-loss' },
  { key: 'trainLoss', title: 'Training loss', term: 'loss' },
  { key: 'modified', title: 'Age', term: null },
  { key: 'bytes', title: 'Size', term: null },
] as const;
export type SortKey = (typeof columns)[number]['key'];

export interface Sorting {
  readonly key: SortKey;
  readonly direction: Direction;
}

/** Lowest validation loss first: the one to use is at the top. */
export const bestFirst: Sorting = { key: 'validationLoss', direction: 'ascending' };

/** A second press reverses the direction; times and sizes start with the newest and largest, everything else with the smallest. */
export function pressed(sorting: Sorting, key: SortKey): Sorting {
  if (sorting.key === key) {
    return { key, direction: turned(sorting.direction) };
  }
  return { key, direction: key === 'modified' || key === 'bytes' ? 'descending' : 'ascending' };
}

/**
 * Sorted for a table. Damaged checkpoints come last, for any column, and before them those without the value; of equals, the earlier in training is
 * first.
 */
export function sortCheckpoints(
  checkpoints: readonly Checkpoint[],
  { key, direction }: Sorting,
): readonly Checkpoint[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return checkpoints.toSorted((a, b) => {
    const damaged = Number(a.problem !== null) - Number(b.problem !== null);
    if (damaged !== 0) return damaged;
    const left = a[key];
    const right = b[key];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (left !== right) return (left < right ? -1 : 1) * sign;
    return a.iteration - b.iteration;
  });
}
