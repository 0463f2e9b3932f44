import { stepsAfter } from '../../shared/domain/step-columns.ts';
import type { WatchItem } from '../../shared/domain/run.ts';

/** What a page already knows about a run. A run's files and its process report the same events, in varying order: this makes each arrive exactly once. */
export class ItemDeduplicator {
  #step = 0;
  #evaluation = 0;
  readonly #checkpoints = new Set<string>();
  #samples = new Set<number>();
  #explosions = new Set<string>();

  /** The new part of an item; undefined if nothing is new. It counts as known from then on. */
  filterNew(item: WatchItem): WatchItem | undefined {
    switch (item.kind) {
      case 'steps':
        return this.#newSteps(item);
      case 'evaluation':
        if (item.iteration <= this.#evaluation) return undefined;
        this.#evaluation = item.iteration;
        return item;
      case 'checkpoint':
        return added(this.#checkpoints, item.file) ? item : undefined;
      case 'sample':
        return added(this.#samples, item.sample.iteration) ? item : undefined;
      case 'explosion':
        return added(this.#explosions, `${item.iteration}/${item.loss}`) ? item : undefined;
      case 'rollback':
        this.#rollBack(item.iteration);
        return item;
      default:
        return item;
    }
  }

  #newSteps(item: Extract<WatchItem, { kind: 'steps' }>): WatchItem | undefined {
    const steps = stepsAfter(item.steps, this.#step);
    const last = steps.iteration.at(-1);
    if (last === undefined) return undefined;
    this.#step = last;
    return { kind: 'steps', steps };
  }

  /** Everything after this iteration is void and may occur again, with other numbers. */
  #rollBack(iteration: number): void {
    this.#step = Math.min(this.#step, iteration);
    this.#evaluation = Math.min(this.#evaluation, iteration);
    this.#samples = new Set([...this.#samples].filter((told) => told <= iteration));
  }
}

/** Whether it was not in the set before. */
function added<T>(set: Set<T>, value: T): boolean {
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
