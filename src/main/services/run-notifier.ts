import type { Notification, NotificationConstructorOptions } from 'electron';
import type { RunEnd } from '../../shared/domain/run-end.ts';

export interface RunNotifierOptions {
  /** Whether the person wants to hear of it, and does not look at the window anyway. */
  isWanted(): boolean;
  isSupported(): boolean;
  create(options: NotificationConstructorOptions): Pick<Notification, 'show' | 'once'>;
  /** Brings the window to the front, at the page of a run where there is one. */
  open(run: string | null): void;
}

/** More than a person reads. */
const maxKept = 20;
const titles: Readonly<Record<RunEnd['how'], string>> = {
  finished: 'A run is finished',
  exploded: 'A run has exploded',
  failed: 'A run could not continue',
  interrupted: 'A run was interrupted',
  held: 'A run is waiting for disk space',
};

/** Tells a person who looks elsewhere that a run has ended, by the system's own messages. */
export class RunNotifier {
  readonly #options: RunNotifierOptions;
  /** A message that nobody holds loses its listeners. */
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
