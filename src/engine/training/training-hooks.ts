import type { TrainingEnd } from '../../shared/domain/run-ends.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { Network } from '../backends/backend.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { SymbolArray } from '../dataset/corpus.ts';

/** What the loop needs besides the network's own tensors to go on exactly where it was; a checkpoint carries all of it. */
export interface TrainingProgress {
  /** Iterations done; the next step is iteration + 1. */
  readonly iteration: number;
  /** The rate the next step uses. */
  readonly learningRate: number;
  readonly firstLoss: number | null;
  readonly trainLoss: number | null;
  readonly recoveries: number;
}

export interface TrainingJob {
  readonly settings: RunSettings;
  /** Must hold no blocking warning. */
  readonly plan: ChunkPlan;
  readonly symbols: SymbolArray;
  /** Holds the tensors that belong to `start`; its batch shape is the plan's. */
  readonly network: Network;
  readonly start: TrainingProgress;
  /** Nothing was kept at `start`: whoever left during its measurement has it made up for, where one was due. */
  readonly isStartUnmeasured?: boolean;
}

export interface StepReport {
  readonly iteration: number;
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly parameterNorm: number;
  /** Duration of the step in milliseconds. */
  readonly milliseconds: number;
}

export interface EvaluationReport {
  readonly iteration: number;
  readonly epoch: number;
  readonly validationLoss: number;
  /** Means over consecutive parts of the split (evaluate.ts): how far the loss may be off by chance. */
  readonly parts: readonly number[];
}

/**
 * Why a checkpoint is being written. An explosion is no reason: as in char-rnn it ends the run with what was kept before, since the step that
 * exploded has changed the network, and a loss that leaves its bounds has mostly been on its way for some steps.
 */
export type CheckpointReason = 'scheduled' | 'end' | 'request' | 'stop';

/** What someone outside asked for since the loop last looked. */
export type TrainingCommand = 'checkpoint' | 'stop' | 'suspend';

export type ExplosionKind = 'not-a-number' | 'exploding';

export interface ExplosionReport {
  readonly kind: ExplosionKind;
  readonly iteration: number;
  readonly loss: number;
  readonly action: 'stop' | 'recover';
}

/** Everything that is not the algorithm: where things are written, who is told, who may interrupt. */
export interface TrainingHooks {
  onStep(report: StepReport): void;
  onEvaluation(report: EvaluationReport): void;
  onExplosion(report: ExplosionReport): void;
  /** Writes a checkpoint of the network as it is now; resolves once it is safe on disk. */
  saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationReport,
    reason: CheckpointReason,
  ): Promise<void>;
  /**
   * Called between steps, before a stopped run is measured, and while any run is measured; the host keeps an unlisted resume point when it
   * thinks one is due (by the clock, or because somebody wants to leave), so that a power cut loses little. Must not change the network.
   */
  keepResumePoint(progress: TrainingProgress): Promise<void>;
  /** Puts the last good scheduled checkpoint (or the initial parameters) back into the network and says what progress it holds. */
  rollBack(): Promise<TrainingProgress>;
  /** Looks for a command without waiting; `undefined` means go on. Also the loop's chance to let the event loop yieldToEventLoop. */
  nextCommand(): Promise<TrainingCommand | undefined>;
  /** Progress of an evaluation pass, 0..1; awaited, so that a long one lets the event loop yieldToEventLoop as well. */
  onEvaluationProgress?(fraction: number): Promise<void> | void;
  /** Whether an evaluation under way is not waited for any more: `nextCommand` will say 'suspend'. */
  isSuspended?(): boolean;
}

export interface TrainingOutcome {
  readonly end: TrainingEnd;
  readonly progress: TrainingProgress;
}
