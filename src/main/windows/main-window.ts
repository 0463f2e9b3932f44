import type { BrowserWindow, WebContents } from 'electron';
import { showWhenReady } from './first-show.ts';

export interface MainWindowOptions {
  readonly create: () => BrowserWindow;
  /** The address of the pages. */
  readonly address: string;
  readonly opened: (window: BrowserWindow) => void;
  /** Called with the reason when the page's process has ended unexpectedly. */
  readonly onCrash: (reason: string) => void;
}

/** Minimum milliseconds between two crashes for a page to be loaded again: a page that crashes while loading would otherwise be reloaded for ever. */
const lastsAtLeast = 10_000;

/** The one window: open, hidden while training continues without it, or closed. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | undefined;
  #mayClose: () => boolean = () => true;
  #maySessionEnd: () => boolean = () => true;
  #leaveUnseen: () => void = () => undefined;
  #onFocus: () => void = () => undefined;
  #onOpen: () => void = () => undefined;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  /** From now on asks `mayClose` before the window closes. */
  guardClosing(mayClose: () => boolean): void {
    this.#mayClose = mayClose;
  }

  /** From now on asks `mayEnd` before the user is signed out, which Windows asks every window. */
  guardSession(mayEnd: () => boolean): void {
    this.#maySessionEnd = mayEnd;
  }

  /** From now on reports when the window becomes active. */
  onFocus(listener: () => void): void {
    this.#onFocus = listener;
  }

  /** From now on reports when there is a new window. */
  onOpen(listener: () => void): void {
    this.#onOpen = listener;
  }

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** The page of the window, to check whether a message comes from it. */
  get contents(): WebContents | undefined {
    return this.#window?.isDestroyed() === false ? this.#window.webContents : undefined;
  }

  get isVisible(): boolean {
    return this.#window?.isVisible() === true;
  }

  /** Whether the window is active. */
  get isFocused(): boolean {
    return this.#window?.isFocused() === true;
  }

  /** Brings the window to the front, creating it if there is none. */
  show(): void {
    const window = this.#window;
    if (window === undefined) return this.#open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  hide(): void {
    this.#leaveUnseen();
    this.#window?.hide();
  }

  #open(): void {
    const window = this.#options.create();
    this.#window = window;
    this.#leaveUnseen = showWhenReady(window);
    window.on('close', (event) => {
      if (!this.#mayClose()) event.preventDefault();
    });
    window.on('query-session-end', (event) => {
      if (!this.#maySessionEnd()) event.preventDefault();
    });
    // Another program or the user has forced the sign-out: saves what can still be saved.
    window.on('session-end', () => void this.#maySessionEnd());
    window.on('focus', () => this.#onFocus());
    window.on('closed', () => {
      this.#window = undefined;
    });
    this.#reviveAfterCrash(window);
    this.#options.opened(window);
    this.#onOpen();
    // Closing a page before it has loaded is not an error.
    window.loadURL(this.#options.address).catch(() => undefined);
  }

  /** A crashed page does not affect training or saved data: it is loaded again. */
  #reviveAfterCrash(window: BrowserWindow): void {
    let crashed = -Infinity;
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      this.#options.onCrash(reason);
      const isAgain = performance.now() - crashed < lastsAtLeast;
      crashed = performance.now();
      if (!isAgain) window.webContents.reload();
    });
  }
}
