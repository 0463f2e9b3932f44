import type { StepReport } from '../engine/training/training-hooks.ts';
import { finiteOrNull } from '../node/files/metrics.ts';
import type { StepColumns } from '../shared/domain/run.ts';

/** Milliseconds between two batches: pages are redrawn no faster, and messages cost. */
const batchEvery = 100;

interface Columns {
  iteration: number[];
  epoch: number[];
  loss: (number | null)[];
  learningRate: number[];
  gradientNorm: (number | null)[];
  milliseconds: number[];
}

/** Gathers steps into columns and passes them on at most ten times a second. */
export class StepBatcher {
  readonly #send: (columns: StepColumns) => void;
  #columns = empty();
  #sent = -Infinity;

  constructor(send: (columns: StepColumns) => void) {
    this.#send = send;
  }

  add(report: StepReport): void {
    const { iteration, epoch, loss, learningRate, gradientNorm, milliseconds } = report;
    this.#columns.iteration.push(iteration);
    this.#columns.epoch.push(epoch);
    this.#columns.loss.push(finiteOrNull(loss));
    this.#columns.learningRate.push(learningRate);
    this.#columns.gradientNorm.push(finiteOrNull(gradientNorm));
    this.#columns.milliseconds.push(Math.round(milliseconds * 1000) / 1000);
    if (performance.now() - this.#sent >= batchEvery) this.flush();
  }

  /** Passes on what waits, so that whatever is told next comes after it. */
  flush(): void {
    if (this.#columns.iteration.length === 0) return;
    this.#send(this.#columns);
    this.#columns = empty();
    this.#sent = performance.now();
  }
}

function empty(): Columns {
  return { iteration: [], epoch: [], loss: [], learningRate: [], gradientNorm: [], milliseconds: [] };
}
