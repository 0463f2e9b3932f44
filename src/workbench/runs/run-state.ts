import type { RunState } from '../../shared/ipc/schemas/run.ts';

const busyStates: ReadonlySet<RunState> = new Set([
  'waiting',
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
]);

/** Whether a process works on the run, or will: it can neither be resumed nor removed. */
export function isBusy(state: RunState): boolean {
  return busyStates.has(state);
}
