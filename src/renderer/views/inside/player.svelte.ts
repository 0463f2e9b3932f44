/** What the cursor moves by. If the system asks for less motion, it stops at words only. */
export type Pace = 'character' | 'word';

/**
 * Milliseconds for each step. Characters: slow enough to see the tint change, fast enough for a sentence. Words: under two changes a second, far from the three
 * that WCAG counts as flashing.
 */
const intervalMs: Readonly<Record<Pace, number>> = { character: 90, word: 600 };

/** Moves a cursor until it is stopped. Only the user starts it: nothing moves automatically. */
export class Player {
  isPlaying = $state(false);
  readonly #step: (pace: Pace) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(step: (pace: Pace) => void) {
    this.#step = step;
  }

  toggle(): void {
    if (this.isPlaying) this.stop();
    else {
      this.isPlaying = true;
      const pace = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'word' : 'character';
      this.#timer = setInterval(() => this.#step(pace), intervalMs[pace]);
    }
  }

  stop(): void {
    this.isPlaying = false;
    clearInterval(this.#timer);
  }
}
