import { EventEmitter } from 'node:events';
import { DoubleContents, type Surroundings, type WindowOptions } from './contents.ts';
import { DoubleEvent } from './event.ts';

/** Under Wayland a window that is not shown is often never painted: then nothing makes it ready to be shown. */
const isPaintedUnseen = process.env['CHARLOOM_DOUBLE_PAINTS'] !== 'only what is shown';

/** `BrowserWindow`. */
export class DoubleWindow extends EventEmitter {
  readonly webContents: DoubleContents;
  readonly options: WindowOptions;
  readonly #surroundings: Surroundings;
  #isShown: boolean;
  #isClosed = false;
  #isFocused = false;
  /** What the task bar shows. */
  progress: { readonly value: number; readonly mode: string } = { value: -1, mode: 'none' };

  constructor(options: WindowOptions, surroundings: Surroundings) {
    super();
    this.options = options;
    this.#surroundings = surroundings;
    this.#isShown = options.show !== false;
    this.webContents = new DoubleContents(options, surroundings);
    surroundings.created(this.webContents);
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.load(address);
    if (this.#isShown || isPaintedUnseen) this.emit('ready-to-show');
    this.#surroundings.loaded();
  }

  /** A window that is shown is the one in front. */
  show(): void {
    this.#isShown = true;
    this.focus();
  }

  hide(): void {
    this.#isShown = false;
    this.blur();
  }

  isVisible(): boolean {
    return this.#isShown;
  }

  focus(): void {
    if (this.#isFocused) return;
    this.#isFocused = true;
    this.emit('focus');
  }

  /** The person turns to another window. */
  blur(): void {
    if (!this.#isFocused) return;
    this.#isFocused = false;
    this.emit('blur');
  }

  isFocused(): boolean {
    return this.#isFocused;
  }

  restore(): void {}

  maximize(): void {}

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return false;
  }

  isDestroyed(): boolean {
    return this.#isClosed;
  }

  getNormalBounds(): object {
    return { x: 10, y: 10, width: this.options.width ?? 800, height: this.options.height ?? 600 };
  }

  setProgressBar(value: number, { mode }: { readonly mode?: string } = {}): void {
    this.progress = { value, mode: mode ?? (value < 0 ? 'none' : 'normal') };
  }

  /** Whether it closed. */
  close(): boolean {
    if (this.#isClosed) return true;
    const event = new DoubleEvent();
    this.emit('close', event);
    if (event.defaultPrevented) {
      this.#surroundings.closeCancelled();
      return false;
    }
    this.destroy();
    return true;
  }

  /** Closes it regardless of listeners. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    void this.webContents.close();
    this.emit('closed');
    this.#surroundings.closed();
  }
}
