import type { AppSettings } from '../../shared/domain/app.ts';

/** What happens to training when the window closes. */
export type CloseChoice = Exclude<AppSettings['onClose'], 'ask'> | 'stay';

export interface ShutdownGuardOptions {
  isTraining(): boolean;
  /** The answer that the user has stored in the settings. */
  standingChoice(): AppSettings['onClose'];
  /** Asks the user; the question itself stores the answer if wanted. */
  ask(): Promise<CloseChoice>;
  pause(): Promise<void>;
  /** Stops and saves what trains, and ends every process. */
  finish(): Promise<void>;
  /** Continues without a window. */
  hide(): void;
  quit(): void;
  onDefect(error: unknown): void;
}

type State = 'open' | 'busy' | 'over';

/**
 * Ends the application without losing work: closing the window or quitting during training asks once, and the application ends only when everything
 * is saved.
 */
export class ShutdownGuard {
  readonly #options: ShutdownGuardOptions;
  #state: State = 'open';
  /** True once saving has started: an answer to an open question is then too late. */
  #isFinishing = false;

  constructor(options: ShutdownGuardOptions) {
    this.#options = options;
  }

  /** Whether the window may close now. */
  mayClose(): boolean {
    if (this.#state === 'open' && this.#options.isTraining()) this.#begin(() => this.#decide());
    return this.#state !== 'busy';
  }

  /** Whether the application may end now. Not before everything is saved; then it ends automatically. */
  mayQuit(): boolean {
    if (this.#state === 'open') {
      this.#begin(() => (this.#options.isTraining() ? this.#decide() : this.#finish()));
    }
    return this.#state === 'over';
  }

  /** Whether the user may be signed out now. If nothing trains, the system ends everything; otherwise training is saved first. */
  maySessionEnd(): boolean {
    if (this.#state === 'over') return true;
    if (!this.#isFinishing && !this.#options.isTraining()) return true;
    this.finishNow();
    return false;
  }

  /** The system is shutting down, or a signal arrived: there is no time to ask. */
  finishNow(): void {
    if (this.#state !== 'over') this.#begin(() => this.#finish());
  }

  #begin(work: () => Promise<void>): void {
    this.#state = 'busy';
    work()
      .catch((error: unknown) => this.#options.onDefect(error))
      .finally(() => {
        if (this.#state === 'busy' && !this.#isFinishing) this.#state = 'open';
      });
  }

  async #decide(): Promise<void> {
    const standing = this.#options.standingChoice();
    const choice = standing === 'ask' ? await this.#options.ask() : standing;
    if (this.#isFinishing) return;
    switch (choice) {
      case 'stay':
        return;
      case 'background':
        return this.#options.hide();
      case 'pause':
        await this.#options.pause();
        return this.#options.hide();
      case 'stop':
        return this.#finish();
    }
  }

  async #finish(): Promise<void> {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    try {
      await this.#options.finish();
    } finally {
      // Nothing more can be done for what could not be saved: a run resumes from its last checkpoint.
      this.#state = 'over';
      // Quitting inside the handler of a prevented quit would be prevented too.
      setImmediate(() => this.#options.quit());
    }
  }
}
