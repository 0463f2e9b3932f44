import type {
  CheckpointReason,
  EvaluationEvent,
  ExplosionEvent,
  StepEvent,
} from '../../shared/domain/run-event.ts';
import type { TrainingEnd } from '../../shared/domain/run-end.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { TrainingNetwork } from '../backends/backend.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { ReadSymbols } from '../dataset/batches.ts';

/** What the loop needs besides the network's own tensors to continue exactly where it was; a checkpoint contains all of it. */
export interface TrainingProgress {
  /** Iterations done; the next step is iteration + 1. */
  readonly iteration: number;
  /** The learning rate of the next step. */
  readonly learningRate: number;
  readonly firstLoss: number | null;
  readonly trainLoss: number | null;
  readonly recoveries: number;
  readonly improvement: Improvement;
}

/** What the scheduled evaluations so far have shown; for stopping early. */
export interface Improvement {
  /** The lowest validation loss; null before the first that was a number. */
  readonly lowestLoss: number | null;
  /** Evaluations since that one. */
  readonly evaluationsSince: number;
  /** Iteration of the last one counted: one repeated after a crash counts once. */
  readonly countedAt: number;
}

/** Before the first evaluation. */
export const noImprovement: Improvement = { lowestLoss: null, evaluationsSince: 0, countedAt: 0 };

export interface TrainingJob extends ReadSymbols {
  readonly settings: RunSettings;
  /** Must have no blocking warning. */
  readonly plan: ChunkPlan;
  /** Has the tensors that belong to `start`; its batch shape is the plan's. */
  readonly network: TrainingNetwork;
  readonly start: TrainingProgress;
  /** Nothing was saved at `start`: a measurement that was interrupted there is repeated, if one was due. */
  readonly isStartUnmeasured?: boolean;
}

/** A request made since the loop last checked. */
export type TrainingCommand = 'checkpoint' | 'stop' | 'suspend';

/**
 * Everything besides the algorithm: writing data, reporting, interrupting. Steps are reported in order, and none is under way while any hook runs
 * except yieldToEventLoop and onEvent with a step.
 */
export interface TrainingHooks {
  /** Called with each step, each evaluation and each explosion as it happens. */
  onEvent(event: StepEvent | EvaluationEvent | ExplosionEvent): void;
  /** Writes a checkpoint of the network's current state; resolves once it is safe on disk. */
  saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationEvent,
    reason: CheckpointReason,
  ): Promise<void>;
  /**
   * Yields to the event loop, with or without steps under way. True if the loop should pause after the steps under way, because there is a request or
   * a resume point is due; without this hook it pauses after every step.
   */
  yieldToEventLoop?(): Promise<boolean>;
  /**
   * Called when the loop has paused, before a stopped run is measured, and while any run is measured; the host saves an unlisted resume point if one
   * is due (by the clock, or because the run is about to be left), so that a power cut loses little. Must not change the network.
   */
  keepResumePoint(progress: TrainingProgress): Promise<void>;
  /** Restores the last good scheduled checkpoint (or the initial parameters) into the network and returns its progress. */
  rollBack(): Promise<TrainingProgress>;
  /** Checks for a command during a pause; `undefined` means continue. */
  nextCommand(): Promise<TrainingCommand | undefined>;
  /** Progress of an evaluation pass, 0..1; awaited, so that a long one yields to the event loop as well. */
  onEvaluationProgress?(fraction: number): Promise<void> | void;
  /** Whether the current evaluation is no longer needed: `nextCommand` will return 'suspend'. */
  isSuspended?(): boolean;
}

export interface TrainingOutcome {
  readonly end: TrainingEnd;
  /** Finished before its last iteration, because the validation loss had not improved for as long as the settings' patience. */
  readonly isEarly?: true;
  readonly progress: TrainingProgress;
}
