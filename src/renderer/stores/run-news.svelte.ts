import { progressOf, progressWords } from '../../shared/domain/run-progress.ts';
import type { Run } from '../../shared/domain/run.ts';
import type { RunEnd } from '../../shared/domain/run-end.ts';

/** unsupported: this browser shows no notifications of pages, or not for an address that is neither this machine nor encrypted. */
export type MessagePermission = NotificationPermission | 'unsupported';

const product = 'Charloom';
const endWords: Readonly<Record<RunEnd['how'], string>> = {
  finished: 'Finished',
  'stopped-early': 'Stopped early',
  exploded: 'Exploded',
  failed: 'Failed',
  interrupted: 'Interrupted',
  held: 'Disk full',
};

/** Training progress while the page is in the background: in its title, and in browser notifications where they are allowed. */
export class RunNews {
  permission = $state.raw<MessagePermission>('unsupported');
  /** Runs that ended while the page was not visible. */
  unseen = $state.raw<RunEnd | null>(null);
  readonly #window: Window & typeof globalThis;

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
    this.permission = this.#permission();
    window.addEventListener('focus', () => {
      this.unseen = null;
      // It may have been changed in the browser's own settings.
      this.permission = this.#permission();
    });
  }

  /** Asks the user, through the browser, only after they pressed something. Returns whether notifications may be shown. */
  async ask(): Promise<boolean> {
    if (this.permission === 'unsupported') return false;
    this.permission = await this.#window.Notification.requestPermission();
    return this.permission === 'granted';
  }

  /**
   * A run has ended. Nothing happens while the page is visible, because it shows that anyway.
   * @param open what a click on the notification does; null if the page may not show any
   */
  tell(end: RunEnd, open: (() => void) | null): void {
    if (this.#window.document.hasFocus()) return;
    this.unseen = end;
    if (open === null || this.permission !== 'granted') return;
    // Several tabs report the same: the browser shows it once.
    const tag = `charloom-${end.run}`;
    const message = new this.#window.Notification(`${endWords[end.how]}: ${end.name}`, {
      body: end.message,
      tag,
    });
    message.addEventListener('click', () => {
      this.#window.focus();
      open();
      message.close();
    });
  }

  /** The title of the page while these runs train. */
  title([run]: readonly Run[]): string {
    if (this.unseen !== null) return `${endWords[this.unseen.how]} · ${this.unseen.name} · ${product}`;
    return run === undefined ? product : `${progressWords(progressOf(run))} · ${product}`;
  }

  #permission(): MessagePermission {
    const { Notification, isSecureContext } = this.#window;
    return isSecureContext && typeof Notification === 'function' ? Notification.permission : 'unsupported';
  }
}
