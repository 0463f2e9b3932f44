import type { Batch, StepOptions, StepResult, TrainingNetwork } from '../backends/backend.ts';

/** A finished step. */
export interface FinishedStep extends StepOptions, StepResult {
  /** Its duration: since it was started, or since the previous step finished if that was later, so that the sum over steps is their total time. */
  readonly milliseconds: number;
}

interface StepUnderWay {
  readonly options: StepOptions;
  readonly begun: number;
  readonly result: Promise<StepResult>;
}

/** The steps of a network that are under way, up to its limit; results are returned in the order in which the steps were started. */
export class StepQueue {
  readonly #network: TrainingNetwork;
  readonly #underWay: StepUnderWay[] = [];
  #finished = -Infinity;

  constructor(network: TrainingNetwork) {
    this.#network = network;
  }

  /** True if one must be taken before another may start. */
  get isFull(): boolean {
    return this.#underWay.length >= this.#network.stepsInFlight;
  }

  get isEmpty(): boolean {
    return this.#underWay.length === 0;
  }

  /** Starts a step; the batch may be reused immediately. */
  begin(batch: Batch, options: StepOptions): void {
    const begun = performance.now();
    const result = this.#network.trainStep(batch, options);
    // Awaited in turn; a step after one that failed may fail as well, and is then ignored.
    result.catch(() => undefined);
    this.#underWay.push({ options, begun, result });
  }

  /** Waits for the oldest step. */
  async next(): Promise<FinishedStep> {
    const step = this.#underWay.shift();
    if (step === undefined) throw new Error('no step is under way');
    const { options, begun, result } = step;
    const { loss, gradientNorm, parameterNorm } = await result;
    const now = performance.now();
    const milliseconds = now - Math.max(begun, this.#finished);
    this.#finished = now;
    return { ...options, loss, gradientNorm, parameterNorm, milliseconds };
  }

  /** Waits until nothing is under way, ignoring results. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#underWay.splice(0).map(({ result }) => result));
  }
}
