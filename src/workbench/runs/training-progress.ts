import type { TrainingScheduler } from '../../processes/training-scheduler.ts';
import { progressOf, type RunProgress } from '../../shared/domain/run-progress.ts';
import { Listeners } from '../../shared/listeners.ts';
import type { RunLibrary } from './run-library.ts';

/** The progress of the training run, for display outside the pages: null if none is training. */
export class TrainingProgress {
  readonly #scheduler: () => TrainingScheduler;
  readonly #library: RunLibrary;
  readonly #listeners = new Listeners<RunProgress | null>();
  #current: RunProgress | null = null;
  #turn = 0;

  constructor(scheduler: () => TrainingScheduler, library: RunLibrary) {
    this.#scheduler = scheduler;
    this.#library = library;
  }

  get current(): RunProgress | null {
    return this.#current;
  }

  /** Reports each change from now on. Returns a function that stops it. */
  watch(listener: (progress: RunProgress | null) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Checks the current progress. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const { active } = this.#scheduler();
    if (active === undefined) return this.#emit(null);
    const run = await this.#library.get(active.id);
    // Changes meanwhile have been checked separately.
    if (turn === this.#turn) this.#emit(progressOf(run));
  }

  #emit(progress: RunProgress | null): void {
    if (JSON.stringify(progress) === JSON.stringify(this.#current)) return;
    this.#current = progress;
    this.#listeners.emit(progress);
  }
}
