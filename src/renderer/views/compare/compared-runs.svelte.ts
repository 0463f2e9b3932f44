import type { Bridge } from '../../../shared/ipc/contract.ts';
import { RunMonitor } from '../../stores/run-monitor.svelte.ts';

interface Open {
  readonly id: string;
  readonly watch: RunMonitor;
}

/** The runs that are compared, each watched as on its own page. */
export class ComparedRuns {
  /** In the order they were chosen. */
  list = $state.raw<readonly RunMonitor[]>([]);
  readonly #bridge: Bridge;
  #open: readonly Open[] = [];

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Watches these runs; those that stay are not opened again. */
  show(ids: readonly string[]): void {
    for (const { id, watch } of this.#open) if (!ids.includes(id)) watch.close();
    this.#open = ids.map(
      (id) => this.#open.find((open) => open.id === id) ?? { id, watch: new RunMonitor(this.#bridge, id) },
    );
    this.list = this.#open.map(({ watch }) => watch);
  }

  close(): void {
    this.show([]);
  }
}
