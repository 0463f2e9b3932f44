import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { WeightKind } from '../../shared/domain/training-choices.ts';
import type {
  Batch,
  NetworkOptions,
  StepOptions,
  StepResult,
  TensorMap,
  TrainingNetwork,
} from './backend.ts';

/** A network that computes synchronously: TrainingNetwork without the promises. */
export interface ImmediateNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  trainStep(batch: Batch, options: StepOptions): StepResult;
  evaluate(batch: Batch): number;
  resetEvaluation(weights?: WeightKind): void;
  exportTensors(): TensorMap;
  importTensors(tensors: TensorMap): void;
  exportGradients(): TensorMap;
  dispose(): void;
}

/**
 * Adapts an immediate network to the asynchronous contract. The work is done when a call returns; `async` only turns results and errors into
 * promises.
 */
export class ImmediateTraining implements TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  /** Nothing runs in the background, so a second step in flight would gain nothing. */
  readonly stepsInFlight = 1;
  readonly #network: ImmediateNetwork;

  constructor(network: ImmediateNetwork) {
    this.spec = network.spec;
    this.options = network.options;
    this.memoryBytes = network.memoryBytes;
    this.#network = network;
  }

  async trainStep(batch: Batch, options: StepOptions): Promise<StepResult> {
    return this.#network.trainStep(batch, options);
  }

  async evaluate(batch: Batch): Promise<number> {
    return this.#network.evaluate(batch);
  }

  async resetEvaluation(weights?: WeightKind): Promise<void> {
    this.#network.resetEvaluation(weights);
  }

  async exportTensors(): Promise<TensorMap> {
    return this.#network.exportTensors();
  }

  async importTensors(tensors: TensorMap): Promise<void> {
    this.#network.importTensors(tensors);
  }

  async exportGradients(): Promise<TensorMap> {
    return this.#network.exportGradients();
  }

  dispose(): void {
    this.#network.dispose();
  }
}
