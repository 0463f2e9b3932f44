import { CharloomError } from '../../shared/errors.ts';

export interface Toast {
  readonly id: number;
  readonly level: 'good' | 'warning' | 'bad';
  readonly message: string;
  readonly fix: string | null;
  /** What can be done about it, for instance undo. */
  readonly action: { readonly label: string; readonly run: () => void | Promise<void> } | null;
}

const toastDurationMs = 8000;
const most = 5;

/** Short messages that come and go. Bad ones, and those with something to undo, stay until somebody closes them. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #nextId = 0;

  add(
    level: Toast['level'],
    message: string,
    options: { fix?: string | null; action?: Toast['action'] } = {},
  ): void {
    const { fix = null, action = null } = options;
    const toast: Toast = { id: this.#nextId++, level, message, fix, action };
    this.list = [...this.list.slice(1 - most), toast];
    if (level !== 'bad' && action === null) setTimeout(() => this.close(toast.id), toastDurationMs);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Shows what went wrong. Something that was cancelled on purpose did not go wrong. */
  error(error: unknown): void {
    if (error instanceof CharloomError) {
      if (error.code !== 'cancelled') this.add('bad', error.message, { fix: error.fix ?? null });
      return;
    }
    this.add('bad', error instanceof Error ? error.message : String(error));
  }

  /** Runs something a person asked for; what goes wrong is shown. Returns undefined then. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }
}
