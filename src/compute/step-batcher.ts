import type { StepEvent } from '../shared/domain/run-event.ts';
import { columnsOf, type StepColumns } from '../shared/domain/step-columns.ts';

/** Milliseconds between two batches: pages are redrawn no faster, and each message has a cost. */
const batchIntervalMs = 100;

/** Gathers steps into columns and passes them on at most ten times a second. */
export class StepBatcher {
  readonly #send: (columns: StepColumns) => void;
  #steps: StepEvent[] = [];
  #sent = -Infinity;

  constructor(send: (columns: StepColumns) => void) {
    this.#send = send;
  }

  add(step: StepEvent): void {
    this.#steps.push(step);
    if (performance.now() - this.#sent >= batchIntervalMs) this.flush();
  }

  /** Flushes waiting steps, so that later reports come after them. */
  flush(): void {
    if (this.#steps.length === 0) return;
    this.#send(columnsOf(this.#steps));
    this.#steps = [];
    this.#sent = performance.now();
  }
}
