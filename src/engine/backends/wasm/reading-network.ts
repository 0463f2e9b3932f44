import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { Batch, ReadingNetwork, TensorMap } from '../backend.ts';
import type { WasmNetwork } from './network.ts';

/** Evaluates chunks and reads the losses and states that the kernels leave in memory. */
export class WasmReadingNetwork implements ReadingNetwork {
  readonly spec: ModelSpec;
  readonly rows: number;
  readonly columns: number;
  readonly #network: WasmNetwork;
  /** Layer by layer the cell's states, [S+1][B][Hp]. */
  readonly #histories: readonly Float32Array[];
  /** Hp: H with the kernels' padding. */
  readonly #padded: number;

  constructor(network: WasmNetwork) {
    this.spec = network.spec;
    this.rows = network.options.batchSize;
    this.columns = network.options.sequenceLength;
    this.#network = network;
    this.#histories = network.memory.stateHistories();
    this.#padded = (this.#histories[0]?.length ?? 0) / (this.columns + 1) / this.rows;
  }

  importTensors(parameters: TensorMap): void {
    this.#network.importTensors(parameters);
  }

  reset(startOf: (row: number) => Float32Array): void {
    this.#network.resetEvaluation();
    const size = this.spec.rnnSize;
    const states = this.#network.memory.evaluationStates();
    for (let row = 0; row < this.rows; row++) {
      const start = startOf(row);
      states.forEach((state, part) =>
        state.set(start.subarray(part * size, (part + 1) * size), row * this.#padded),
      );
    }
  }

  read(batch: Batch): void {
    this.#network.evaluate(batch);
  }

  lossAt(row: number, column: number): number {
    return this.#network.memory.losses[column * this.rows + row] ?? Number.NaN;
  }

  readState(row: number, column: number, into: Float32Array): void {
    const size = this.spec.rnnSize;
    const first = ((column + 1) * this.rows + row) * this.#padded;
    this.#histories.forEach((history, part) => into.set(history.subarray(first, first + size), part * size));
  }

  dispose(): void {
    this.#network.dispose();
  }
}
