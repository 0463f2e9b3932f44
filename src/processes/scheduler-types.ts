import type { RunSettings } from '../shared/domain/run-settings.ts';
import type { TrainingItem } from '../shared/domain/run.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { Outcome } from './compute-task.ts';
import type { ForkProcess } from './process.ts';
import type { ChosenBackend } from './choose-backend.ts';
import type { QueuedRun, RunQueue } from './queue.ts';
import type { TrainingState } from './training-state.ts';

/** The one run that trains. */
export interface ActiveRun {
  readonly queued: QueuedRun;
  /** What pages call it: its folder's name, or its place in the queue until it has one. */
  readonly id: string;
  readonly folder: string | null;
  readonly state: TrainingState;
}

export interface TrainingDeskOptions {
  readonly queue: RunQueue;
  readonly fork: ForkProcess;
  readonly runsFolder: string;
  readonly samples: () => SampleSettings | null;
  readonly chooseBackend: (
    run: QueuedRun,
    settings: RunSettings,
    signal: AbortSignal,
  ) => Promise<ChosenBackend>;
  readonly settingsOf: (run: QueuedRun) => Promise<RunSettings>;
  readonly events: TrainingEvents;
}

/** What the scheduler tells. Ids are those that pages know at that moment. */
export interface TrainingEvents {
  onQueue(): void;
  /** A new state; the run's id may have changed with it from `was`. */
  onState(active: ActiveRun, was: string): void;
  /** Its process has the run's folder, new or as it was left, and trains. */
  onStarted(active: ActiveRun): void;
  onItem(id: string, item: TrainingItem): void;
  onNotice(id: string, message: string): void;
  onEnded(active: ActiveRun, outcome: Outcome): void;
}
