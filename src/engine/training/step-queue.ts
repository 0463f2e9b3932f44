import type { Batch, StepOptions, StepResult, TrainingNetwork } from '../backends/backend.ts';

/** A step that has come back. */
export interface FinishedStep extends StepOptions, StepResult {
  /** What it took: since it was begun, or since the step before it came back where that was later, so that the sum over steps is what they took together. */
  readonly milliseconds: number;
}

interface StepUnderWay {
  readonly options: StepOptions;
  readonly begun: number;
  readonly result: Promise<StepResult>;
}

/** The steps of a network that are under way: as many as it wants to have, handed back in the order in which they were begun. */
export class StepQueue {
  readonly #network: TrainingNetwork;
  readonly #underWay: StepUnderWay[] = [];
  #finished = -Infinity;

  constructor(network: TrainingNetwork) {
    this.#network = network;
  }

  /** True when one must be taken before another may begin. */
  get isFull(): boolean {
    return this.#underWay.length >= this.#network.stepsInFlight;
  }

  get isEmpty(): boolean {
    return this.#underWay.length === 0;
  }

  /** Begins a step; the batch may be used again at once. */
  begin(batch: Batch, options: StepOptions): void {
    const begun = performance.now();
    const result = this.#network.trainStep(batch, options);
    // Heard when its turn comes; a step behind one that failed may fail as well, and nobody waits for it then.
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

  /** Waits until nothing is under way, whatever comes of it. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#underWay.splice(0).map(({ result }) => result));
  }
}
