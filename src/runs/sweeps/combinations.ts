import type { SweepTask } from '../../shared/domain/sweep.ts';
import type { SweepChanges } from '../../shared/domain/sweep-space.ts';

/** Tasks of a sweep that differ by their seed only. */
export interface Combination {
  readonly changes: SweepChanges;
  /** Mean of their lowest validation losses. */
  readonly loss: number;
  /** Standard deviation of these losses: what another seed alone changes. 0 for a single one. */
  readonly spread: number;
  readonly tasks: readonly number[];
}

/** The combinations whose tasks have all been measured, lowest mean first. Where each has a single seed, these are the tasks. */
export function combinationsOf(tasks: readonly SweepTask[], seeds: number): readonly Combination[] {
  const groups = new Map<string, SweepTask[]>();
  for (const task of tasks) {
    const key = JSON.stringify(seeds === 1 ? task.changes : withoutSeed(task.changes));
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()].flatMap(combinationOf).toSorted((a, b) => a.loss - b.loss);
}

function combinationOf(tasks: readonly SweepTask[]): readonly Combination[] {
  const [first] = tasks;
  const losses = tasks.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  if (first === undefined || losses.length < tasks.length) return [];
  const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  const squares = losses.reduce((sum, one) => sum + (one - loss) ** 2, 0);
  const spread = losses.length < 2 ? 0 : Math.sqrt(squares / (losses.length - 1));
  const changes = tasks.length === 1 ? first.changes : withoutSeed(first.changes);
  return [{ changes, loss, spread, tasks: tasks.map(({ index }) => index) }];
}

function withoutSeed(changes: SweepChanges): SweepChanges {
  return Object.fromEntries(Object.entries(changes).filter(([key]) => key !== 'seed'));
}
