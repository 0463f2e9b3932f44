import { CharloomError } from '../../../shared/errors.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { ModelDescription } from '../../../shared/domain/checkpoint.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';

/** The model that a run starts from, according to its file. */
export class InitialModel {
  /** Null before it has been read, and where there is none. */
  model = $state.raw<ModelDescription | null>(null);
  /** Why it cannot be read, with what to do; null when it can. */
  problem = $state.raw<string | null>(null);
  isReading = $state(false);

  readonly #bridge: Bridge;
  #turn = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Reads the referenced model; forgets the previous one. */
  async read(reference: ModelReference | null): Promise<void> {
    const turn = ++this.#turn;
    this.model = null;
    this.problem = null;
    this.isReading = reference !== null;
    if (reference === null) return;
    try {
      const model = await this.#bridge.request('models.describe', { model: reference });
      if (turn === this.#turn) this.model = model;
    } catch (error) {
      if (turn === this.#turn) this.problem = sentenceOf(error);
    } finally {
      if (turn === this.#turn) this.isReading = false;
    }
  }
}

function sentenceOf(error: unknown): string {
  const isGone = error instanceof CharloomError && error.code === 'not-found';
  if (isGone) return 'The model that this run was to start from no longer exists. Choose another.';
  const message = error instanceof Error ? error.message : String(error);
  return `The model cannot be read: ${message} Choose another.`;
}
