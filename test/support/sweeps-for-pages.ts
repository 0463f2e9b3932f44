import type { SweepTask } from '../../src/shared/domain/sweep.ts';

/** A task of a sweep as pages are told of it. */
export function sweepTask(changes: Partial<SweepTask> = {}): SweepTask {
  const index = changes.index ?? 1;
  return {
    index,
    run: `sweep-${String(index).padStart(3, '0')}`,
    changes: {},
    state: 'planned',
    reason: null,
    node: null,
    iteration: 0,
    iterations: null,
    loss: null,
    margin: null,
    epoch: null,
    attempts: 0,
    seconds: 0,
    ...changes,
  };
}
