/** Milliseconds for each character: slow enough to see the tint change, fast enough for a sentence. */
const intervalMs = 90;

/** Moves a cursor until it is stopped. Only the user starts it: nothing moves automatically. */
export class Player {
  isPlaying = $state(false);
  readonly #step: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(step: () => void) {
    this.#step = step;
  }

  toggle(): void {
    if (this.isPlaying) this.stop();
    else {
      this.isPlaying = true;
      this.#timer = setInterval(this.#step, intervalMs);
    }
  }

  stop(): void {
    this.isPlaying = false;
    clearInterval(this.#timer);
  }
}
