import { activeStates } from '../shared/domain/run-state.ts';

/** The states of a supervised run: it begins as `starting`, and `ended` is final. */
export const trainingStates = [...activeStates, 'ended'] as const;
export type TrainingState = (typeof trainingStates)[number];

export type TrainingEvent =
  | 'started' // its process has the run folder and trains
  | 'pause-asked'
  | 'paused' // its process says that it waits
  | 'proceeded' // its process says that it waits no longer
  | 'continue-asked'
  | 'stop-asked'
  | 'exited';

/** The next state by state and event. An event without an entry changes nothing: it came too late, or twice. */
export const transitions: Readonly<
  Record<TrainingState, Readonly<Partial<Record<TrainingEvent, TrainingState>>>>
> = {
  // Before it has started it may wait for room on the disk.
  starting: { started: 'running', paused: 'paused', 'stop-asked': 'stopping', exited: 'ended' },
  // A pause requested while the text was being read is sent when the process trains.
  running: { 'pause-asked': 'pausing', paused: 'paused', 'stop-asked': 'stopping', exited: 'ended' },
  pausing: { paused: 'paused', 'continue-asked': 'running', 'stop-asked': 'stopping', exited: 'ended' },
  // After a quick pause and continue, the report of the pause arrives when it is already over, followed by its end.
  paused: { 'continue-asked': 'running', proceeded: 'running', 'stop-asked': 'stopping', exited: 'ended' },
  stopping: { exited: 'ended' },
  ended: {},
};

/** The state after an event. */
export function nextState(state: TrainingState, event: TrainingEvent): TrainingState {
  return transitions[state][event] ?? state;
}
