import type { Run } from '../../../shared/ipc/schemas/run.ts';

/**
 * What a run that waited is called now that it has begun; null while it still waits, or when nobody knows. It is known by its settings: two
 * runs of the same settings would be the same run.
 */
export function successorOf(queued: Run, runs: readonly Run[]): string | null {
  const isGone = queued.path === '' && runs.length > 0 && runs.every(({ id }) => id !== queued.id);
  if (!isGone || queued.settings === null) return null;
  const settings = JSON.stringify(queued.settings);
  const begun = runs.filter(
    (run) => run.path !== '' && run.created >= queued.created && JSON.stringify(run.settings) === settings,
  );
  return begun.toSorted((a, b) => a.created.localeCompare(b.created))[0]?.id ?? null;
}

/** Runs that wait, in the order in which they will begin; `list` is in that order. */
export function queueOf(list: readonly Run[]): readonly Run[] {
  return list.filter(({ state }) => state === 'waiting');
}
