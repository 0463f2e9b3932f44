import type { ConnectionState } from '../../shared/ipc/contract.ts';

/** Whether the host is in reach, and who wants to know. */
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

  /** Tells the state now and whenever it changes, until the returned function is called. */
  listen(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }
}
