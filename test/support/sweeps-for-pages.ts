import { sweepTaskStates, type SweepOverview, type SweepTask } from '../../src/shared/domain/sweep.ts';
import type { SweepSpace } from '../../src/shared/domain/sweep-space.ts';

/** A task of a sweep as pages receive it. */
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

/** A sweep as pages receive it. */
export function sweepOverview({
  axes,
  ...changes
}: Partial<SweepOverview> &
  Pick<SweepOverview, 'tasks'> & { readonly axes: SweepSpace['axes'] }): SweepOverview {
  const counts = Object.fromEntries(
    sweepTaskStates.map((state) => [state, changes.tasks.filter((task) => task.state === state).length]),
  ) as SweepOverview['counts'];
  return {
    id: 'sweep.sweep',
    name: 'sweep',
    path: '/runs/sweep.sweep',
    created: '2026-11-24T10:00:00.000Z',
    space: { method: 'grid', axes, seeds: 1, runs: 100, drawSeed: 1 },
    earlyStopping: null,
    text: { title: 'text.txt', path: '/texts/text.txt', sha256: 'a'.repeat(64), characters: 100_000 },
    engine: 'queue',
    hours: null,
    counts,
    progress: 0,
    best: null,
    withinChance: [],
    remarks: [],
    ...changes,
  };
}
