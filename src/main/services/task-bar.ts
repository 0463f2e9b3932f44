import type { BrowserWindow } from 'electron';
import { isPaused, type RunProgress } from '../../shared/domain/run-progress.ts';

type Bar = Pick<BrowserWindow, 'setProgressBar'>;

/** Takes the bar away. */
const none = -1;
/** More than all: the bar moves without an end, where the system knows how to. */
const unknown = 2;

/** Training progress on the application's icon in the task bar or dock. A failed run leaves it red until the window is active again. */
export class TaskBar {
  readonly #window: () => Bar | undefined;
  #progress: RunProgress | null = null;
  #hasFailed = false;

  /** @param window the window there is now, if any */
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

  /** The window is active. */
  acknowledge(): void {
    this.#hasFailed = false;
    this.refresh();
  }

  /** Shows on a window that is new what the one before it showed. */
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
