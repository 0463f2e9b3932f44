import type { TrainingItem } from '../../shared/domain/run.ts';

/** Milliseconds for which live items are kept: longer than a run's process may take to write them to the run's files. */
const keptMs = 5000;

interface KeptItem {
  readonly at: number;
  readonly item: TrainingItem;
}

/** A watcher of a run. */
export interface RunSubscriber {
  /** The run's process reported something. */
  onItem(item: TrainingItem): void;
  /** A process has started or resumed the run: its files may have been truncated to the point it resumes from. */
  onBegin(): void;
  /** The run's state has changed. */
  onState(): void;
}

/** Passes the reports of runs' processes to watchers. The last seconds are kept, so that a watcher can join them to the files. */
export class RunEvents {
  readonly #watchers = new Map<string, Set<RunSubscriber>>();
  readonly #recent = new Map<string, KeptItem[]>();

  /** Passes on an item from a run's process. */
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

  /** The reports of the last seconds, in order. Activities are kept only until something else is reported. */
  recent(id: string): readonly TrainingItem[] {
    const items = (this.#recent.get(id) ?? []).map(({ item }) => item);
    return items.filter((item, place) => {
      return item.kind !== 'busy' || (place === items.length - 1 && item.fraction < 1);
    });
  }

  /** Passes everything from now on to the watcher. Returns a function that stops it. */
  watch(id: string, watcher: RunSubscriber): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(id, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  /** A run has ended: all its reports are on disk. */
  forget(id: string): void {
    this.#recent.delete(id);
  }

  #of(id: string): readonly RunSubscriber[] {
    return [...(this.#watchers.get(id) ?? [])];
  }
}
