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

/** Milliseconds between two writes of what waits for metrics.jsonl. */
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
  /** The moment that training goes on from. */
  readonly start: RunPosition;
  /** Puts the last good scheduled checkpoint before a moment, or the initial parameters, back into the network. */
  readonly restore: (moment: RunPosition) => Promise<TrainingProgress>;
  /** Something more to do with a fresh checkpoint; must not change what the run computes. */
  readonly afterCheckpoint?: ((saved: CheckpointEvent) => Promise<void>) | undefined;
}

/**
 * The training loop's link to the outside: keeps the run on disk while it trains, and tells everybody how it goes. Where the disk is full the run
 * waits for room; whatever else keeps it from writing ends it at once: to go on unsaved would only make the loss larger.
 */
export class RunRecorder implements TrainingHooks {
  readonly #parts: RecorderParts;
  #moment: RunPosition;
  #flushed = performance.now();
  #kept = performance.now();
  /** What the last resume point holds. */
  #keptProgress: TrainingProgress | undefined;
  #isWaiting = false;
  /** The metrics found no room: the loop is to come to rest, and to wait for it there. */
  #isFull = false;
  /** Iterations done at the last save. */
  #savedIteration: number;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#moment = parts.start;
    this.#savedIteration = parts.start.iteration;
    parts.controller.begin();
  }

  /** Where training is. */
  get moment(): RunPosition {
    return this.#moment;
  }

  /** What a run that ends now goes on from. */
  get savedIteration(): number {
    return this.#savedIteration;
  }

  /** The log tells what comes of an explosion, an end or a way back, and each evaluation with its checkpoint. */
  onEvent(event: StepEvent | EvaluationEvent | ExplosionEvent): void {
    if (event.kind === 'step') this.#moment = { ...this.#moment, iteration: event.iteration };
    this.#parts.metrics.add(event);
    this.#parts.hooks.onEvent?.(event);
  }

  async onEvaluationProgress(fraction: number): Promise<void> {
    this.#parts.hooks.onEvaluationProgress?.(fraction);
    await yieldToEventLoop();
    // Measuring may take minutes: whoever follows the run's files sees the last steps before it.
    await this.#flushWhenDue();
  }

  async saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationEvent,
    reason: CheckpointReason,
  ): Promise<void> {
    // The log first: whatever save a run goes on from, its log reaches that far.
    await this.#syncMetrics();
    const saved = await this.#parts.writer.checkpoint(progress, evaluation, reason);
    this.#noteSave(progress);
    await tell(this.#parts, saved);
    await this.#parts.afterCheckpoint?.(saved);
  }

  /** What has come before is flushed, and whoever sends messages is heard. */
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
    // Also to tell of a pause that was ended while a checkpoint was kept.
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
      // Steps may be under way: they come back first.
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
      // Whoever looks at the run from outside sees that it waits.
      await writer.state('paused', iteration);
      await tell(this.#parts, { kind: 'state', state: 'paused', iteration });
    }
    await controller.whenWanted();
    if (controller.isPaused) return;
    this.#isWaiting = false;
    await writer.state('running', iteration);
    const event = { kind: 'state', state: 'running', iteration } as const;
    // The log of a run that waited and ends tells its end.
    if (controller.isEnding) hooks.onEvent?.(event);
    else await tell(this.#parts, event);
  }
}
