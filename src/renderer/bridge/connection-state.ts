import type { ConnectionState } from '../../shared/ipc/contract.ts';

/** Whether the host can be reached, with listeners. */
export class ConnectionMonitor {
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = 'connected';

  get state(): ConnectionState {
    return this.#state;
  }

  set(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  /** Reports the state now and after each change, until the returned function is called. */
  listen(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }
}
