import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { TensorShape } from '../../../shared/domain/model-tensors.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import { allTensors, keptWith, storedTensors, type StoredTensors } from '../../model/stored-tensors.ts';
import type {
  Batch,
  NetworkOptions,
  StepOptions,
  StepResult,
  TensorMap,
  TrainingNetwork,
} from '../backend.ts';
import { checkTensors } from '../check-tensors.ts';
import type { Questions } from './questions.ts';
import { portionsOf, TensorAssembly } from './tensor-portions.ts';

interface RemoteNetworkParts {
  readonly questions: Questions;
  /** Its number at the other end. */
  readonly network: number;
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly stepsInFlight: number;
}

/** A network at the other end of a channel. */
export class RemoteNetwork implements TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly stepsInFlight: number;
  readonly #questions: Questions;
  readonly #network: number;
  readonly #stored: StoredTensors;

  constructor({ questions, network, spec, options, memoryBytes, stepsInFlight }: RemoteNetworkParts) {
    this.spec = spec;
    this.options = options;
    this.memoryBytes = memoryBytes;
    this.stepsInFlight = stepsInFlight;
    this.#questions = questions;
    this.#network = network;
    this.#stored = storedTensors(spec, keptWith(options));
  }

  async trainStep(batch: Batch, options: StepOptions): Promise<StepResult> {
    const { iteration, learningRate, averageWeight = 0 } = options;
    const network = this.#network;
    const { loss, gradientNorm, parameterNorm } = await this.#questions.ask(
      { kind: 'step', network, ...copyOf(batch), iteration, learningRate, averageWeight },
      'stepped',
    );
    return { loss, gradientNorm, parameterNorm };
  }

  async evaluate(batch: Batch): Promise<number> {
    const network = this.#network;
    const question = { kind: 'evaluate', network, ...copyOf(batch) } as const;
    return (await this.#questions.ask(question, 'evaluated')).loss;
  }

  async resetEvaluation(weights?: WeightKind): Promise<void> {
    const network = this.#network;
    await this.#questions.ask({ kind: 'reset-evaluation', network, weights: weights ?? null }, 'done');
  }

  exportTensors(): Promise<TensorMap> {
    return this.#export('tensors', allTensors(this.#stored));
  }

  exportGradients(): Promise<TensorMap> {
    return this.#export('gradients', this.#stored.parameters);
  }

  async importTensors(tensors: TensorMap): Promise<void> {
    // Invalid data is refused here, with the usual error, without a round trip.
    checkTensors(this.#stored, tensors);
    const network = this.#network;
    for (const portion of portionsOf(tensors)) this.#questions.tell({ kind: 'portion', network, ...portion });
    await this.#questions.ask({ kind: 'import', network }, 'done');
  }

  dispose(): void {
    this.#questions.tell({ kind: 'discard', network: this.#network });
  }

  async #export(what: 'tensors' | 'gradients', expected: readonly TensorShape[]): Promise<TensorMap> {
    const assembly = new TensorAssembly(expected);
    const network = this.#network;
    await this.#questions.ask({ kind: 'export', network, what }, 'done', (portion) => assembly.add(portion));
    const tensors = assembly.take();
    for (const { name } of expected) {
      if (!tensors.has(name)) throw new Error(`the backend left out the tensor ${name}`);
    }
    return tensors;
  }
}

/** Copies with `slice`: a view of shared memory, or of a larger buffer, would be sent with the whole buffer, or not be copied at all. */
function copyOf({ x, y, starts }: Batch): { x: Int32Array; y: Int32Array; starts: Uint8Array | null } {
  return { x: x.slice(), y: y.slice(), starts: starts?.slice() ?? null };
}
