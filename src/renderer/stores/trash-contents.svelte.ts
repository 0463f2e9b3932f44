import type { Bridge } from '../../shared/ipc/contract.ts';
import type { Trashed } from '../../shared/domain/trash.ts';

/** What is in the trash and can be restored. */
export class TrashContents {
  /** The latest removal first; null until it has been read. */
  removals = $state.raw<readonly Trashed[] | null>(null);
  readonly #bridge: Bridge;
  #reads = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async refresh(): Promise<void> {
    const read = ++this.#reads;
    const removals = await this.#bridge.request('trash.list', null);
    // Only the latest read counts.
    if (read === this.#reads) this.removals = removals;
  }

  /** Restores a removal; reads the trash again even if that fails: another window may have changed it. */
  async restore(undo: string): Promise<void> {
    try {
      await this.#bridge.request('trash.undo', { undo });
    } finally {
      await this.refresh();
    }
  }
}
