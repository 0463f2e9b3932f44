import type { BrowserWindow } from 'electron';
import { isPaused, type RunProgress } from '../../shared/domain/run-progress.ts';

type Bar = Pick<BrowserWindow, 'setProgressBar'>;

/** Removes the progress bar. */
const none = -1;
/** Above 1: an indeterminate progress bar, if the system supports it. */
const unknown = 2;

/** Training progress on the application's icon in the task bar or dock. A failed run leaves it red until the window is active again. */
export class TaskBar {
  readonly #window: () => Bar | undefined;
  #progress: RunProgress | null = null;
  #hasFailed = false;

  /** @param window the current window, if any */
  constructor(window: () => Bar | undefined) {
    this.#window = window;
  }

  show(progress: RunProgress | null): void {
    this.#progress = progress;
    if (progress !== null) this.#hasFailed = false;
    this.refresh();
  }

  fail(): void {
    this.#hasFailed = true;
    this.refresh();
  }

  /** Called when the window becomes active. */
  acknowledge(): void {
    this.#hasFailed = false;
    this.refresh();
  }

  /** Shows on a new window what the previous one showed. */
  refresh(): void {
    const bar = this.#window();
    if (bar === undefined) return;
    if (this.#progress === null) {
      if (this.#hasFailed) bar.setProgressBar(1, { mode: 'error' });
      else bar.setProgressBar(none);
      return;
    }
    const { fraction, state } = this.#progress;
    if (fraction === null) bar.setProgressBar(unknown, { mode: 'indeterminate' });
    else bar.setProgressBar(fraction, { mode: isPaused(state) ? 'paused' : 'normal' });
  }
}
