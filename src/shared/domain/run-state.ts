/** A process works on the run. */
export const activeStates = ['starting', 'running', 'pausing', 'paused', 'stopping'] as const;

/** The state that remains once no process works on it. */
const endedStates = ['stopped', 'finished', 'exploded', 'failed', 'imported'] as const;

/**
 * Every state of a run, from the queue to its end.
 *
 * waiting: in the queue. starting: its process reads the text. running, pausing, paused, stopping: a process works on it. interrupted: its process
 * ended (crash, power cut); it can be resumed. stopped: stopped on request. finished: all iterations are completed, or it did not improve for as long
 * as its settings allow. exploded: the loss grew without limit. failed: an error ended it or prevented its start. imported: another program trained its
 * model; it can be used but not resumed. damaged: its files cannot be read.
 */
export const runStates = ['waiting', ...activeStates, ...endedStates, 'interrupted', 'damaged'] as const;
export type RunState = (typeof runStates)[number];

/** The states in `run.json` of a run that has not started. */
export const plannedStates = ['waiting', 'failed'] as const satisfies readonly RunState[];

/** The states in `run.json` of a started run. `running` and `paused` without a living process: it was killed, and is reported as `interrupted`. */
export const recordedStates = ['running', 'paused', ...endedStates] as const satisfies readonly RunState[];
export type RecordedState = (typeof recordedStates)[number];

/** The states that a started run can be found in when its files are read. */
export const foundStates = [...recordedStates, 'interrupted'] as const satisfies readonly RunState[];
export type FoundState = (typeof foundStates)[number];

/** Whether a process works on a run now. */
export function isActive(state: RunState): boolean {
  return (activeStates as readonly RunState[]).includes(state);
}

/** Whether a process works on a run, or will: it can neither be resumed nor removed. */
export function isBusy(state: RunState): boolean {
  return state === 'waiting' || isActive(state);
}

/** Whether a run can be resumed. */
export function isResumable(state: RunState): boolean {
  return !isBusy(state) && state !== 'damaged' && state !== 'imported';
}
