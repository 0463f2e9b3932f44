/** Progress seen for less than this says little about the rest. */
const minimumMs = 3000;
const minimumShare = 0.02;

/** Estimates from its progress how long work still takes. Time before the first progress, such as starting a process, does not count. */
export class ProgressEstimate {
  readonly #now: () => number;
  #last = 0;
  #first: { readonly fraction: number; readonly at: number } | null = null;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes the progress at this moment.
   * @param fraction 0..1
   * @returns milliseconds left; null while too little was seen
   */
  left(fraction: number): number | null {
    if (this.#first === null || fraction < this.#last) this.#first = { fraction, at: this.#now() };
    this.#last = fraction;
    const elapsed = this.#now() - this.#first.at;
    const done = fraction - this.#first.fraction;
    if (elapsed < minimumMs || done < minimumShare) return null;
    return (elapsed / done) * (1 - fraction);
  }
}
