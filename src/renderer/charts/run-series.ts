import type { EvaluationEvent } from '../../shared/domain/run-event.ts';
import type { StepColumns } from '../../shared/domain/step-columns.ts';
import type { XAxis } from './axes.ts';
import { GrowingColumn } from './growing-column.ts';
import { lowerBound } from './search.ts';

export interface EvaluationPoint {
  readonly iteration: number;
  readonly epoch: number;
  /** NaN where it was not a number. */
  readonly loss: number;
  /** Losses of the trained and of the averaged weights, of which `loss` is the lower; missing where no average is kept. */
  readonly both?: BothLosses | undefined;
}

/** NaN where one was not a number. */
export interface BothLosses {
  readonly trained: number;
  readonly averaged: number;
}

/** The losses of an evaluation. */
type MeasuredLosses = Pick<EvaluationEvent, 'validationLoss' | 'trainedLoss' | 'averagedLoss'>;

/** The numbers of one run over time. Steps are appended as they arrive; each iteration occurs once, in ascending order. */
export class RunSeries {
  readonly #iteration = new GrowingColumn();
  readonly #epoch = new GrowingColumn();
  /** Milliseconds of training up to and including each step. */
  readonly #time = new GrowingColumn();
  readonly #loss = new GrowingColumn();
  readonly #learningRate = new GrowingColumn();
  readonly #gradientNorm = new GrowingColumn();
  readonly #milliseconds = new GrowingColumn();
  #evaluations: readonly EvaluationPoint[] = [];

  get length(): number {
    return this.#iteration.length;
  }
  get iteration(): Float64Array {
    return this.#iteration.values;
  }
  get epoch(): Float64Array {
    return this.#epoch.values;
  }
  get time(): Float64Array {
    return this.#time.values;
  }
  get loss(): Float64Array {
    return this.#loss.values;
  }
  get learningRate(): Float64Array {
    return this.#learningRate.values;
  }
  get gradientNorm(): Float64Array {
    return this.#gradientNorm.values;
  }
  get milliseconds(): Float64Array {
    return this.#milliseconds.values;
  }
  get evaluations(): readonly EvaluationPoint[] {
    return this.#evaluations;
  }

  /** Repeated steps (after a resume) replace everything from there. */
  append(steps: StepColumns): void {
    const first = steps.iteration[0];
    if (first === undefined) return;
    this.#truncate(lowerBound(this.iteration, first));
    let time = this.#time.last() ?? 0;
    for (let index = 0; index < steps.iteration.length; index++) {
      const milliseconds = steps.milliseconds[index] ?? 0;
      time += milliseconds;
      this.#iteration.push(steps.iteration[index] ?? 0);
      this.#epoch.push(steps.epoch[index] ?? 0);
      this.#time.push(time);
      this.#loss.push(steps.loss[index] ?? Number.NaN);
      this.#learningRate.push(steps.learningRate[index] ?? 0);
      this.#gradientNorm.push(steps.gradientNorm[index] ?? Number.NaN);
      this.#milliseconds.push(milliseconds);
    }
  }

  /** The same iteration measured again counts once. */
  evaluate(iteration: number, epoch: number, measured: MeasuredLosses): void {
    const before = this.#evaluations.filter((point) => point.iteration < iteration);
    const { validationLoss, trainedLoss, averagedLoss } = measured;
    const both =
      trainedLoss === undefined || averagedLoss === undefined
        ? undefined
        : { trained: trainedLoss ?? Number.NaN, averaged: averagedLoss ?? Number.NaN };
    this.#evaluations = [...before, { iteration, epoch, loss: validationLoss ?? Number.NaN, both }];
  }

  /** The run went back to this iteration: what came later is void. */
  rollback(iteration: number): void {
    this.#truncate(lowerBound(this.iteration, iteration + 1));
    this.#evaluations = this.#evaluations.filter((point) => point.iteration <= iteration);
  }

  clear(): void {
    this.#truncate(0);
    this.#evaluations = [];
  }

  /** Positions of steps on an axis. */
  x(axis: XAxis): Float64Array {
    return { iteration: this.iteration, epoch: this.epoch, time: this.time }[axis];
  }

  /** Positions of evaluations on an axis. */
  evaluationX(axis: XAxis): Float64Array {
    return Float64Array.from(this.#evaluations, (point) =>
      axis === 'time' ? this.timeAt(point.iteration) : point[axis],
    );
  }

  /** Milliseconds of training up to an iteration. */
  timeAt(iteration: number): number {
    const index = lowerBound(this.iteration, iteration + 1) - 1;
    return index < 0 ? 0 : (this.time[index] ?? 0);
  }

  #truncate(length: number): void {
    const columns = [
      this.#iteration,
      this.#epoch,
      this.#time,
      this.#loss,
      this.#learningRate,
      this.#gradientNorm,
      this.#milliseconds,
    ];
    for (const column of columns) column.truncate(length);
  }
}
