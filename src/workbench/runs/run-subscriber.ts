import type { TrainingItem } from '../../shared/domain/run.ts';

/** Milliseconds of live items that are kept: longer than what a run's process may not have written to the run's files yet. */
const keptMs = 5000;

interface KeptItem {
  readonly at: number;
  readonly item: TrainingItem;
}

/** Somebody who watches a run. */
export interface RunSubscriber {
  /** The run's process told something. */
  onItem(item: TrainingItem): void;
  /** A process began or resumed the run: its files may have been cut to what it goes on from. */
  onBegin(): void;
  /** The run is in another state. */
  onState(): void;
}

/** What the processes of runs tell, on its way to whoever watches. The last seconds are kept, so that a watcher can join them to what is on disk. */
export class RunEvents {
  readonly #watchers = new Map<string, Set<RunSubscriber>>();
  readonly #recent = new Map<string, KeptItem[]>();

  /** Passes on an item of its process. */
  emit(id: string, item: TrainingItem): void {
    const now = performance.now();
    const recent = (this.#recent.get(id) ?? []).filter(({ at }) => now - at < keptMs);
    this.#recent.set(id, [...recent, { at: now, item }]);
    for (const watcher of this.#of(id)) watcher.onItem(item);
  }

  begin(id: string): void {
    this.#recent.delete(id);
    for (const watcher of this.#of(id)) watcher.onBegin();
  }

  state(id: string): void {
    for (const watcher of this.#of(id)) watcher.onState();
  }

  /** What was told in the last seconds, in order. What was going on is told only while nothing came after it. */
  recent(id: string): readonly TrainingItem[] {
    const items = (this.#recent.get(id) ?? []).map(({ item }) => item);
    return items.filter((item, place) => {
      return item.kind !== 'busy' || (place === items.length - 1 && item.fraction < 1);
    });
  }

  /** Hears everything from now on. Returns how to stop. */
  watch(id: string, watcher: RunSubscriber): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(id, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  /** A run has ended: everything it told is on disk. */
  forget(id: string): void {
    this.#recent.delete(id);
  }

  #of(id: string): readonly RunSubscriber[] {
    return [...(this.#watchers.get(id) ?? [])];
  }
}
