import type { PowerSaveBlocker } from 'electron';

/** Prevents sleep while a run trains; the screen may turn off. */
export class SleepBlocker {
  readonly #blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  #id: number | undefined;

  constructor(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>) {
    this.#blocker = blocker;
  }

  set(isTraining: boolean): void {
    if (isTraining) {
      this.#id ??= this.#blocker.start('prevent-app-suspension');
    } else if (this.#id !== undefined) {
      this.#blocker.stop(this.#id);
      this.#id = undefined;
    }
  }
}
