import { describeProblem, type CharloomError } from '../shared/errors.ts';
import type { StreamItem } from '../shared/ipc/contract.ts';

/** Reports stored data that cannot be read. */
export function tellProblem(notices: Notices, problem: CharloomError | undefined): void {
  if (problem === undefined) return;
  notices.emit({ kind: 'notice', level: 'warning', message: describeProblem(problem), run: null });
}

type Announcement = Extract<StreamItem<'workbench.watch'>, { kind: 'notice' | 'ended' | 'opened' }>;

/** A queue may train for days with no page open. */
const maxKept = 50;

/** Items for every page: notices, and files opened from outside. Kept for the first page if there is none yet. */
export class Notices {
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  #early: Announcement[] = [];

  emit(announcement: Announcement): void {
    if (this.#listeners.size === 0) this.#early = [...this.#early, announcement].slice(-maxKept);
    for (const listener of this.#listeners) listener(announcement);
  }

  listen(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#early;
    this.#early = [];
    for (const announcement of early) listener(announcement);
    return () => this.#listeners.delete(listener);
  }
}
