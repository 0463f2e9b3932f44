import type { Notification, NotificationConstructorOptions } from 'electron';
import type { RunEnd } from '../../shared/domain/run-end.ts';

export interface RunNotifierOptions {
  /** Whether the user wants a notification and is not looking at the window. */
  isWanted(): boolean;
  isSupported(): boolean;
  create(options: NotificationConstructorOptions): Pick<Notification, 'show' | 'once'>;
  /** Brings the window to the front, at the page of a run if there is one. */
  open(run: string | null): void;
}

/** More than anyone reads. */
const maxKept = 20;
const titles: Readonly<Record<RunEnd['how'], string>> = {
  finished: 'A run is finished',
  'stopped-early': 'A run was stopped early',
  exploded: 'A run has exploded',
  failed: 'A run could not continue',
  interrupted: 'A run was interrupted',
  held: 'A run is waiting for disk space',
};

/** Shows a system notification when a run ends while the window is in the background. */
export class RunNotifier {
  readonly #options: RunNotifierOptions;
  /** A notification without a reference loses its listeners. */
  #kept: Pick<Notification, 'show' | 'once'>[] = [];

  constructor(options: RunNotifierOptions) {
    this.#options = options;
  }

  tell({ how, run, message }: RunEnd): void {
    const { isWanted, isSupported, create, open } = this.#options;
    if (!isWanted() || !isSupported()) return;
    const notification = create({ title: titles[how], body: message });
    this.#kept = [...this.#kept.slice(1 - maxKept), notification];
    const drop = (): void => {
      this.#kept = this.#kept.filter((kept) => kept !== notification);
    };
    notification.once('click', () => {
      drop();
      open(run);
    });
    notification.once('close', drop);
    notification.show();
  }
}
