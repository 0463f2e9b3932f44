/** Estimates from the recent past of a run: smoothed loss, speed, time left. Pure: durations are passed in. */
export class RunClock {
  readonly #symbolsPerStep: number;
  #loss = new Smoothed(0.95);
  #step = new Smoothed(0.98);
  #evaluation = Number.NaN;

  /** @param symbolsPerStep B times S */
  constructor(symbolsPerStep: number) {
    this.#symbolsPerStep = symbolsPerStep;
  }

  /** @param loss null if it is not a number: one bad step must not spoil the smoothed value permanently */
  addStep(loss: number | null, milliseconds: number): void {
    if (loss !== null) this.#loss.add(loss);
    this.#step.add(milliseconds);
  }

  addEvaluation(milliseconds: number): void {
    this.#evaluation = milliseconds;
  }

  get loss(): number {
    return this.#loss.value;
  }

  get charactersPerSecond(): number {
    return (this.#symbolsPerStep / this.#step.value) * 1000;
  }

  /** Estimated milliseconds for the given steps and evaluations; NaN before the first step. */
  remaining(steps: number, evaluations: number): number {
    const evaluation = Number.isNaN(this.#evaluation) ? 0 : this.#evaluation;
    return steps * this.#step.value + evaluations * evaluation;
  }
}

/** Exponential moving average, corrected for its bias towards zero at the start. */
class Smoothed {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  add(value: number): void {
    this.#sum = this.#keep * this.#sum + (1 - this.#keep) * value;
    this.#weight = this.#keep * this.#weight + (1 - this.#keep);
  }

  get value(): number {
    return this.#weight === 0 ? Number.NaN : this.#sum / this.#weight;
  }
}
