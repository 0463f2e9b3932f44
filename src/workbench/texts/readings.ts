import type { DocumentReading } from '../../shared/domain/document-reading.ts';
import { Listeners } from '../../shared/listeners.ts';

interface OpenReading {
  readonly reading: DocumentReading;
  readonly controller: AbortController;
}

/** Hooks for a document that is being read. */
export interface ReadingHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/** The documents that are being read, for pages to show and to cancel. */
export class Readings {
  readonly #open = new Map<number, OpenReading>();
  readonly #listeners = new Listeners<readonly DocumentReading[]>();
  #last = 0;

  get current(): readonly DocumentReading[] {
    return Array.from(this.#open.values(), ({ reading }) => reading);
  }

  /** Returns how to stop listening. */
  listen(listener: (readings: readonly DocumentReading[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Does nothing if the reading has ended meanwhile. */
  cancel(id: number): void {
    this.#open.get(id)?.controller.abort();
  }

  /** Shows a document as being read while the work lasts. */
  async during<T>(name: string, work: (hooks: ReadingHooks) => Promise<T>): Promise<T> {
    const id = ++this.#last;
    const controller = new AbortController();
    const tell = (fraction: number): void => {
      this.#open.set(id, { reading: { id, name, fraction }, controller });
      this.#listeners.emit(this.current);
    };
    tell(0);
    try {
      return await work({ signal: controller.signal, onProgress: tell });
    } finally {
      this.#open.delete(id);
      this.#listeners.emit(this.current);
    }
  }
}
