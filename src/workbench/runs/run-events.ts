import { watchItemSchema, type WatchItem } from '../../shared/ipc/schemas/run.ts';

/** Milliseconds of live items that are kept: longer than what a trainer may not have written to the run's files yet. */
const keptFor = 5000;

interface KeptItem {
  readonly at: number;
  readonly item: WatchItem;
}

/** What trainers tell, on its way to whoever watches. The last seconds are kept, so that a watcher can join them to what is on disk. */
export class RunEvents {
  readonly #watchers = new Map<string, Set<(item: WatchItem) => void>>();
  readonly #recent = new Map<string, KeptItem[]>();

  /** Passes on an item of a trainer; what does not fit the contract is a defect of ours and thrown as one. */
  emit(id: string, raw: unknown): WatchItem {
    const item = watchItemSchema.parse(raw);
    const now = performance.now();
    const recent = (this.#recent.get(id) ?? []).filter(({ at }) => now - at < keptFor);
    this.#recent.set(id, [...recent, { at: now, item }]);
    for (const watcher of this.#watchers.get(id) ?? []) watcher(item);
    return item;
  }

  /** Hears everything from now on. Returns the last seconds, and how to stop. */
  watch(
    id: string,
    watcher: (item: WatchItem) => void,
  ): { readonly recent: readonly WatchItem[]; stop(): void } {
    const watchers = this.#watchers.get(id) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(id, watchers);
    const recent = (this.#recent.get(id) ?? []).map(({ item }) => item);
    return {
      recent,
      stop: () => {
        watchers.delete(watcher);
        if (watchers.size === 0) this.#watchers.delete(id);
      },
    };
  }

  /** A run has ended: everything it told is on disk. */
  forget(id: string): void {
    this.#recent.delete(id);
  }
}
