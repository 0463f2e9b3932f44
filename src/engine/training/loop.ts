import { createBatch } from '../dataset/batches.ts';
import {
  finiteOrNull,
  type CheckpointReason,
  type EvaluationEvent,
  type ExplosionKind,
} from '../../shared/domain/run-event.ts';
import { nextLearningRate, startingLearningRate } from '../../shared/planning/learning-rate.ts';
import type { TrainingHooks, TrainingJob, TrainingOutcome, TrainingProgress } from './training-hooks.ts';
import { averageWeight } from './averaging.ts';
import { measureValidation } from './measure-validation.ts';
import { readTrainingChunk } from './training-chunk.ts';
import { StepQueue, type FinishedStep } from './step-queue.ts';
import { epochOf, explosionKind, isEvaluationDue } from './schedule.ts';

/** After more rollbacks than this, halving the learning rate does not help. */
const maxRecoveries = 20;

/**
 * Trains until the plan's last iteration, a stop, or an explosion. In the order of char-rnn's train.lua: step, decay, evaluate and save,
 * abort checks; except that an explosion is detected before a broken network could be saved.
 */
export async function train(job: TrainingJob, hooks: TrainingHooks): Promise<TrainingOutcome> {
  const loop = new TrainingLoop(job, hooks);
  if (job.isStartUnmeasured === true && !(await loop.keepWhenDue())) return loop.suspended();
  while (loop.progress.iteration < job.plan.iterations) {
    if (loop.isPatienceOver()) return { end: 'finished', isEarly: true, progress: loop.progress };
    const command = await hooks.nextCommand();
    if (command === 'suspend') return loop.suspended();
    if (command === 'checkpoint') {
      await loop.keep('request');
      // A request may have arrived, for example a pause.
      continue;
    }
    if (command === 'stop') {
      // Quick work first: measuring may take long and may be cancelled.
      await hooks.keepResumePoint(loop.progress);
      const isKept = await loop.keep('stop');
      return isKept ? { end: 'stopped', progress: loop.progress } : loop.suspended();
    }
    const explosion = await loop.steps();
    if (explosion !== undefined) {
      const recovered = await loop.explode(explosion);
      if (!recovered) return { end: 'exploded', progress: loop.progress };
    } else if (!(await loop.keepWhenDue())) return loop.suspended();
  }
  return { end: 'finished', progress: loop.progress };
}

class TrainingLoop {
  progress: TrainingProgress;
  readonly #job: TrainingJob;
  readonly #hooks: TrainingHooks;
  readonly #batch;
  readonly #queue: StepQueue;
  /** Iteration of the last checkpoint of this session: a stop right after one needs no second. */
  #keptAt: number | undefined;

  constructor(job: TrainingJob, hooks: TrainingHooks) {
    this.#job = job;
    this.#hooks = hooks;
    const learningRate = startingLearningRate(job.start, job.settings, job.plan);
    this.progress = { ...job.start, learningRate };
    this.#batch = createBatch(job.plan, job.starts !== undefined);
    this.#queue = new StepQueue(job.network);
  }

  /**
   * Trains until something else has to be done: a checkpoint is due, there is a request, or a step has exploded, and returns which. No step is under
   * way then. Steps started after one that exploded do not count; a rollback undoes their effect on the network.
   */
  async steps(): Promise<ExplosionKind | undefined> {
    try {
      return await this.#stepUntilRest();
    } finally {
      await this.#queue.discard();
    }
  }

  async #stepUntilRest(): Promise<ExplosionKind | undefined> {
    const { settings, plan } = this.#job;
    const { recoveries } = this.progress;
    let { iteration, learningRate } = this.progress;
    do {
      iteration += 1;
      this.#begin(iteration, learningRate);
      learningRate = nextLearningRate({ iteration, learningRate, recoveries }, settings, plan);
      const explosion = this.#queue.isFull ? this.#finish(await this.#queue.next()) : undefined;
      if (explosion !== undefined) return explosion;
    } while (!isEvaluationDue(iteration, settings, plan) && !(await this.#shouldRest()));
    while (!this.#queue.isEmpty) {
      const explosion = this.#finish(await this.#queue.next());
      if (explosion !== undefined) return explosion;
    }
    return undefined;
  }

  #begin(iteration: number, learningRate: number): void {
    const { plan, settings } = this.#job;
    const { averageDecay } = settings;
    readTrainingChunk(this.#job, plan, settings, iteration, this.#batch);
    this.#queue.begin(this.#batch, {
      iteration,
      learningRate,
      averageWeight: averageDecay > 0 ? averageWeight(averageDecay, iteration) : 0,
    });
  }

  async #shouldRest(): Promise<boolean> {
    return this.#hooks.yieldToEventLoop === undefined || (await this.#hooks.yieldToEventLoop());
  }

  /** Records a finished step; returns its kind of explosion, if any. */
  #finish(step: FinishedStep): ExplosionKind | undefined {
    const { settings, plan } = this.#job;
    const { iteration, learningRate, loss, gradientNorm, parameterNorm, milliseconds } = step;
    const firstLoss = this.progress.firstLoss ?? loss;
    const { recoveries } = this.progress;
    this.progress = {
      ...this.progress,
      iteration,
      learningRate: nextLearningRate({ iteration, learningRate, recoveries }, settings, plan),
      firstLoss,
      trainLoss: loss,
    };
    const epoch = epochOf(iteration, plan);
    this.#hooks.onEvent({
      kind: 'step',
      iteration,
      epoch,
      loss: finiteOrNull(loss),
      learningRate,
      gradientNorm: finiteOrNull(gradientNorm),
      parameterNorm: finiteOrNull(parameterNorm),
      milliseconds,
    });
    return explosionKind(loss, firstLoss);
  }

  /** After a step: a checkpoint if one is scheduled, otherwise perhaps a resume point. False if the measurement was cancelled. */
  async keepWhenDue(): Promise<boolean> {
    const { settings, plan } = this.#job;
    const { iteration } = this.progress;
    if (isEvaluationDue(iteration, settings, plan)) {
      return this.keep(iteration === plan.iterations ? 'end' : 'scheduled');
    }
    await this.#hooks.keepResumePoint(this.progress);
    return true;
  }

  /** Measures the validation loss and saves a checkpoint, once per iteration. False if the measurement was cancelled. */
  async keep(reason: CheckpointReason): Promise<boolean> {
    if (this.#keptAt === this.progress.iteration || this.progress.iteration === 0) return true;
    const evaluation = await measureValidation(this.#job, this.progress, this.#hooks);
    if (evaluation === undefined) return false;
    if (isEvaluationDue(this.progress.iteration, this.#job.settings, this.#job.plan)) this.#count(evaluation);
    await this.#hooks.saveCheckpoint(this.progress, evaluation, reason);
    this.#keptAt = this.progress.iteration;
    return true;
  }

  /** Only scheduled evaluations count: requested ones must not affect when a run ends. */
  #count({ validationLoss }: EvaluationEvent): void {
    const { iteration, improvement } = this.progress;
    if (improvement.countedAt === iteration) return;
    const { lowestLoss, evaluationsSince } = improvement;
    const isLowest = validationLoss !== null && validationLoss < (lowestLoss ?? Infinity);
    const since = isLowest
      ? { lowestLoss: validationLoss, evaluationsSince: 0 }
      : { lowestLoss, evaluationsSince: evaluationsSince + 1 };
    this.progress = { ...this.progress, improvement: { ...since, countedAt: iteration } };
  }

  /** Whether the validation loss has not improved for as long as the settings allow. */
  isPatienceOver(): boolean {
    const { patience } = this.#job.settings;
    return patience > 0 && this.progress.improvement.evaluationsSince >= patience;
  }

  suspended(): TrainingOutcome {
    return { end: 'suspended', progress: this.progress };
  }

  /** Reports an explosion; rolls back and halves the learning rate if the settings say so. Returns whether the run continues. */
  async explode(kind: ExplosionKind): Promise<boolean> {
    const { iteration, trainLoss, recoveries } = this.progress;
    const canRecover = this.#job.settings.onExplosion === 'recover' && recoveries < maxRecoveries;
    this.#hooks.onEvent({
      kind: 'explosion',
      iteration,
      loss: kind === 'not-a-number' ? null : trainLoss,
      action: canRecover ? 'recover' : 'stop',
    });
    if (!canRecover) return false;
    const good = await this.#hooks.rollBack();
    const { settings, plan } = this.#job;
    // The learning rate that exploded is halved, not the good checkpoint's: a second explosion must not retry the same learning rate.
    const halved = Math.min(good.learningRate, this.progress.learningRate) / 2;
    const position = { iteration: good.iteration, learningRate: halved, recoveries: recoveries + 1 };
    this.progress = {
      ...good,
      learningRate: startingLearningRate(position, settings, plan),
      recoveries: recoveries + 1,
    };
    this.#keptAt = undefined;
    return true;
  }
}
