import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type {
  TrainingCommand,
  TrainingHooks,
  TrainingProgress,
} from '../../engine/training/training-hooks.ts';
import type {
  CheckpointEvent,
  CheckpointReason,
  EvaluationEvent,
  ExplosionEvent,
  StepEvent,
} from '../../shared/domain/run-event.ts';
import type { MetricsLog } from '../files/metrics-log.ts';
import type { RunPosition } from '../files/moments.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { SessionHooks } from './session-types.ts';
import type { RunController } from './controller.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';
import type { DiskRoom } from './disk-room.ts';
import { FullDiskError } from '../files/storage-error.ts';
import { tell } from './tell.ts';

/** Milliseconds between two writes of buffered lines to metrics.jsonl. */
const flushIntervalMs = 1000;

export interface RecorderParts {
  readonly folder: RunFolder;
  readonly room: DiskRoom;
  readonly writer: CheckpointWriter;
  readonly metrics: MetricsLog;
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  /** Milliseconds between two resume points. */
  readonly resumePointIntervalMs: number;
  /** The point that training continues from. */
  readonly start: RunPosition;
  /** Loads the last good scheduled checkpoint before a position, or the initial weights, into the network. */
  readonly restore: (moment: RunPosition) => Promise<TrainingProgress>;
  /** Called after a checkpoint was saved; must not change what the run computes. */
  readonly afterCheckpoint?: ((saved: CheckpointEvent) => Promise<void>) | undefined;
}

/**
 * The training loop's link to the outside: saves the run while it trains, and reports its progress. If the disk is full the run waits; any other
 * write error ends it immediately, because continuing unsaved would only lose more work.
 */
export class RunRecorder implements TrainingHooks {
  readonly #parts: RecorderParts;
  #moment: RunPosition;
  #flushed = performance.now();
  #kept = performance.now();
  /** What the last resume point holds. */
  #keptProgress: TrainingProgress | undefined;
  #isWaiting = false;
  /** The metrics found no disk space: the loop has to pause and wait. */
  #isFull = false;
  /** Iterations done at the last save. */
  #savedIteration: number;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#moment = parts.start;
    this.#savedIteration = parts.start.iteration;
    parts.controller.begin();
  }

  /** The current position of training. */
  get moment(): RunPosition {
    return this.#moment;
  }

  /** The point from which a run that ends now can be resumed. */
  get savedIteration(): number {
    return this.#savedIteration;
  }

  /** The log records what follows an explosion, an end or a rollback, and each evaluation with its checkpoint. */
  onEvent(event: StepEvent | EvaluationEvent | ExplosionEvent): void {
    if (event.kind === 'step') this.#moment = { ...this.#moment, iteration: event.iteration };
    this.#parts.metrics.add(event);
    this.#parts.hooks.onEvent?.(event);
  }

  async onEvaluationProgress(fraction: number): Promise<void> {
    this.#parts.hooks.onEvaluationProgress?.(fraction);
    await yieldToEventLoop();
    // Measuring may take minutes: readers of the run's files should see the last steps before it.
    await this.#flushWhenDue();
  }

  async saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationEvent,
    reason: CheckpointReason,
  ): Promise<void> {
    // The log first: whichever save a run resumes from, its log reaches that far.
    await this.#syncMetrics();
    const saved = await this.#parts.writer.checkpoint(progress, evaluation, reason);
    this.#noteSave(progress);
    await tell(this.#parts, saved);
    await this.#parts.afterCheckpoint?.(saved);
  }

  /** Earlier events are flushed, and incoming messages are handled. */
  async yieldToEventLoop(): Promise<boolean> {
    await yieldToEventLoop();
    await this.#flushWhenDue();
    return this.#parts.controller.hasCommand || this.#isFull || this.#isResumePointDue();
  }

  async keepResumePoint(progress: TrainingProgress): Promise<void> {
    if (!this.#isResumePointDue()) return;
    const { controller } = this.#parts;
    if (progress.iteration > 0 && progress !== this.#keptProgress) {
      await this.#syncMetrics();
      await this.keepLast(progress);
    }
    controller.saved();
  }

  /** Keeps the resume point of a run that ends. */
  async keepLast(progress: TrainingProgress): Promise<void> {
    await this.#parts.writer.resumePoint(progress);
    this.#noteSave(progress);
    this.#keptProgress = progress;
  }

  /** Whether the resume point on disk is this session's and holds this progress. */
  holds(progress: TrainingProgress): boolean {
    return progress === this.#keptProgress;
  }

  isSuspended(): boolean {
    return this.#parts.controller.isSuspended;
  }

  async rollBack(): Promise<TrainingProgress> {
    const { metrics, restore } = this.#parts;
    const progress = await restore(this.#moment);
    this.#savedIteration = progress.iteration;
    this.#moment = { iteration: progress.iteration, recoveries: this.#moment.recoveries + 1 };
    const event = { kind: 'rollback', iteration: progress.iteration } as const;
    metrics.add(event);
    await tell(this.#parts, event);
    return progress;
  }

  async nextCommand(): Promise<TrainingCommand | undefined> {
    const { controller } = this.#parts;
    if (this.#isFull) await this.#syncMetrics();
    // Also reports a pause that ended while a checkpoint was saved.
    if (controller.isPaused || this.#isWaiting) await this.#wait();
    return controller.takeCommand();
  }

  #isResumePointDue(): boolean {
    const { controller, resumePointIntervalMs } = this.#parts;
    return (
      controller.isEnding || controller.isPaused || performance.now() - this.#kept >= resumePointIntervalMs
    );
  }

  async #flushWhenDue(): Promise<void> {
    const { metrics } = this.#parts;
    if (this.#isFull) return;
    if (!metrics.isFlushDue && performance.now() - this.#flushed < flushIntervalMs) return;
    try {
      await metrics.flush();
    } catch (error) {
      if (!(error instanceof FullDiskError)) throw error;
      // Steps may be in flight: they finish first.
      this.#isFull = true;
    }
    this.#flushed = performance.now();
  }

  async #syncMetrics(): Promise<void> {
    const { room, metrics } = this.#parts;
    await room.write(() => metrics.sync());
    this.#isFull = false;
  }

  #noteSave({ iteration }: TrainingProgress): void {
    this.#kept = performance.now();
    this.#savedIteration = iteration;
  }

  async #wait(): Promise<void> {
    const { controller, writer, hooks } = this.#parts;
    const { iteration } = this.#moment;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      await this.#syncMetrics();
      // Readers of the run's files see that it waits.
      await writer.state('paused', iteration);
      await tell(this.#parts, { kind: 'state', state: 'paused', iteration });
    }
    await controller.whenWanted();
    if (controller.isPaused) return;
    this.#isWaiting = false;
    await writer.state('running', iteration);
    const event = { kind: 'state', state: 'running', iteration } as const;
    // The log of a run that waited and ends records its end.
    if (controller.isEnding) hooks.onEvent?.(event);
    else await tell(this.#parts, event);
  }
}
