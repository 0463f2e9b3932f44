import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type {
  CheckpointReason,
  EvaluationReport,
  ExplosionReport,
  StepReport,
  TrainingCommand,
  TrainingHooks,
  TrainingProgress,
} from '../../engine/training/training-hooks.ts';
import { formatCount, formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import { finiteOrNull, keptParts, type RunPosition } from '../files/metrics.ts';
import type { MetricsLog } from '../files/metrics-log.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { SavedCheckpoint, SessionHooks } from './session-types.ts';
import type { RunController } from './controller.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';

/** Milliseconds between two writes of what waits for metrics.jsonl. */
const flushEvery = 1000;

export interface RecorderParts {
  readonly folder: RunFolder;
  readonly writer: CheckpointWriter;
  readonly metrics: MetricsLog;
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  /** Milliseconds between two resume points. */
  readonly resumePointEvery: number;
  /** The moment that training goes on from. */
  readonly start: RunPosition;
  /** Puts the last good scheduled checkpoint before a moment, or the initial parameters, back into the network. */
  readonly restore: (moment: RunPosition) => Promise<TrainingProgress>;
  /** Something more to do with a fresh checkpoint; must not change what the run computes. */
  readonly afterCheckpoint?: ((saved: SavedCheckpoint) => Promise<void>) | undefined;
}

/**
 * The training loop's link to the outside: keeps the run on disk while it trains, and tells everybody how it goes. Whatever cannot be
 * written ends the run at once: to go on unsaved would only make the loss larger.
 */
export class RunRecorder implements TrainingHooks {
  readonly #parts: RecorderParts;
  #moment: RunPosition;
  #flushed = performance.now();
  #kept = performance.now();
  /** What the last resume point holds. */
  #keptProgress: TrainingProgress | undefined;
  #isWaiting = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#moment = parts.start;
    parts.controller.begin();
  }

  /** Where training is. */
  get moment(): RunPosition {
    return this.#moment;
  }

  onStep(report: StepReport): void {
    this.#moment = { ...this.#moment, iteration: report.iteration };
    this.#parts.metrics.add({
      event: 'step',
      i: report.iteration,
      epoch: report.epoch,
      loss: finiteOrNull(report.loss),
      rate: report.learningRate,
      gradient_norm: finiteOrNull(report.gradientNorm),
      parameter_norm: finiteOrNull(report.parameterNorm),
      ms: Math.round(report.milliseconds * 1000) / 1000,
    });
    this.#parts.hooks.onStep?.(report);
  }

  async onEvaluationProgress(fraction: number): Promise<void> {
    this.#parts.hooks.onEvaluationProgress?.(fraction);
    await yieldToEventLoop();
    // Measuring may take minutes: whoever follows the run's files sees the last steps before it.
    await this.#flushWhenDue();
  }

  onEvaluation(report: EvaluationReport): void {
    const { iteration, epoch, validationLoss, parts } = report;
    const kept = keptParts(parts);
    this.#parts.metrics.add({
      ...{ event: 'eval', i: iteration, epoch, val_loss: finiteOrNull(validationLoss) },
      ...(kept === undefined ? {} : { val_parts: kept }),
    });
    this.#parts.hooks.onEvaluation?.(report);
  }

  onExplosion(report: ExplosionReport): void {
    const { iteration, kind, loss, action } = report;
    this.#parts.metrics.add({ event: 'explosion', i: iteration, kind, loss: finiteOrNull(loss), action });
    this.#parts.hooks.onExplosion?.(report);
  }

  async saveCheckpoint(
    progress: TrainingProgress,
    evaluation: EvaluationReport,
    reason: CheckpointReason,
  ): Promise<void> {
    const { metrics, writer, folder, hooks } = this.#parts;
    // The log first: whatever save a run goes on from, its log reaches that far.
    await metrics.sync();
    const saved = await writer.checkpoint(progress, evaluation, reason);
    this.#kept = performance.now();
    await folder.log(
      `iteration ${formatCount(saved.iteration)} (epoch ${formatEpoch(saved.epoch)}): ` +
        `validation loss ${formatLoss(saved.validationLoss)}, kept ${saved.path}`,
    );
    hooks.onCheckpoint?.(saved);
    await this.#parts.afterCheckpoint?.(saved);
  }

  /** What has come before is flushed, and whoever sends messages is heard. */
  async yieldToEventLoop(): Promise<boolean> {
    await yieldToEventLoop();
    await this.#flushWhenDue();
    return this.#parts.controller.hasCommand || this.#isResumePointDue();
  }

  async keepResumePoint(progress: TrainingProgress): Promise<void> {
    if (!this.#isResumePointDue()) return;
    const { controller, metrics, writer } = this.#parts;
    if (progress.iteration > 0 && progress !== this.#keptProgress) {
      await metrics.sync();
      await writer.resumePoint(progress);
      this.#kept = performance.now();
      this.#keptProgress = progress;
    }
    controller.saved();
  }

  /** Whether the resume point on disk is this session's and holds this progress. */
  holds(progress: TrainingProgress): boolean {
    return progress === this.#keptProgress;
  }

  isSuspended(): boolean {
    return this.#parts.controller.isSuspended;
  }

  async rollBack(): Promise<TrainingProgress> {
    const { metrics, folder, restore, hooks } = this.#parts;
    const progress = await restore(this.#moment);
    this.#moment = { iteration: progress.iteration, recoveries: this.#moment.recoveries + 1 };
    metrics.add({ event: 'rollback', i: progress.iteration });
    hooks.onRollback?.(progress.iteration);
    await folder.log(`went back to iteration ${formatCount(progress.iteration)} with half the learning rate`);
    return progress;
  }

  async nextCommand(): Promise<TrainingCommand | undefined> {
    const { controller } = this.#parts;
    if (controller.isPaused) await this.#wait();
    return controller.takeCommand();
  }

  #isResumePointDue(): boolean {
    const { controller, resumePointEvery } = this.#parts;
    return controller.isEnding || controller.isPaused || performance.now() - this.#kept >= resumePointEvery;
  }

  async #flushWhenDue(): Promise<void> {
    const { metrics } = this.#parts;
    if (!metrics.isFlushDue && performance.now() - this.#flushed < flushEvery) return;
    await metrics.flush();
    this.#flushed = performance.now();
  }

  async #wait(): Promise<void> {
    const { controller, metrics, folder, writer, hooks } = this.#parts;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      await metrics.sync();
      await folder.log('paused');
      // Whoever looks at the run from outside sees that it waits.
      await writer.state('paused', this.#moment.iteration);
      hooks.onPause?.(true);
    }
    await controller.whenWanted();
    if (controller.isPaused) return;
    this.#isWaiting = false;
    if (!controller.isEnding) await folder.log('going on');
    await writer.state('running', this.#moment.iteration);
    hooks.onPause?.(false);
  }
}
