import type { PlannedRun } from '../node/files/planned-run.ts';
import type { RunRecord } from '../node/files/run-record.ts';
import type { SweepTaskReference } from '../shared/compute/messages.ts';
import type { TrainingItem } from '../shared/domain/run.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { Outcome, TaskOutcome } from './compute-task.ts';
import type { ForkProcess } from './process.ts';
import type { ChosenBackend } from './choose-backend.ts';
import type { ResumeRequest } from './queue-file.ts';
import type { RunQueue } from './queue.ts';
import type { TrainingState } from './training-state.ts';

/** The one run that trains. */
export interface ActiveRun {
  /** Name of its folder. */
  readonly id: string;
  readonly folder: string;
  readonly state: TrainingState;
  /** Why it is paused, if that was not requested; in sentences. */
  readonly reason: string | null;
}

/** A run whose turn has come, with everything needed to train it. */
export type RunTurn = {
  readonly folder: string;
  /** The sweep task that it is; null for any other run. */
  readonly task: SweepTaskReference | null;
} & (
  | { readonly kind: 'start'; readonly run: PlannedRun }
  | { readonly kind: 'resume'; readonly run: RunRecord; readonly request: ResumeRequest }
);

export interface TrainingSchedulerOptions {
  readonly queue: RunQueue;
  readonly fork: ForkProcess;
  readonly runsFolder: string;
  readonly samples: () => SampleSettings | null;
  readonly chooseBackend: (turn: RunTurn, signal: AbortSignal) => Promise<ChosenBackend>;
  /** Removes the folder of a run that was stopped before it started. */
  readonly discard: (folder: string) => Promise<void>;
  readonly events: TrainingEvents;
  /** Milliseconds to wait before a run resumes whose backend was lost; usually several seconds. */
  readonly comeBackMs?: number;
}

/** What the scheduler reports. Ids are names of run folders. */
export interface TrainingEvents {
  onQueue(): void;
  /** A new state. */
  onState(active: ActiveRun): void;
  /** Its process has made the run's files, or opened them as they were left, and trains. */
  onStarted(active: ActiveRun): void;
  onItem(id: string, item: TrainingItem): void;
  onNotice(id: string, message: string): void;
  /** Its backend was lost; it resumes automatically from its last save. `why` is a sentence. */
  onLost(active: ActiveRun, outcome: TaskOutcome, why: string): void;
  onEnded(active: ActiveRun, outcome: Outcome): void;
}
