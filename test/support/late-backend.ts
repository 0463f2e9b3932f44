import { setImmediate as turn } from 'node:timers/promises';
import type {
  Backend,
  BackendInfo,
  Batch,
  NetworkOptions,
  StepOptions,
  StepResult,
  TensorMap,
  TrainingNetwork,
} from '../../src/engine/backends/backend.ts';
import { mix32 } from '../../src/engine/random/hash.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import type { WeightKind } from '../../src/shared/domain/training-choices.ts';

/** What a late backend saw of its caller. */
export interface LateWork {
  steps: number;
  evaluations: number;
  /** Maximum number of steps under way. */
  maxUnderWay: number;
  /** Most evaluations that were. */
  maxEvaluations: number;
  /** Steps that finished before one that was started earlier. */
  overtaking: number;
}

/**
 * The embedded backend as if it were remote: it computes in the order of the calls, but later, and answers later still, steps and evaluations in any
 * order that the contract allows (random, the same for the same seed). Anything that the contract forbids is an error.
 */
export class LateBackend implements Backend {
  readonly info: BackendInfo;
  readonly work: LateWork = {
    steps: 0,
    evaluations: 0,
    maxUnderWay: 0,
    maxEvaluations: 0,
    overtaking: 0,
  };
  readonly #backend: Backend;
  readonly #stepsInFlight: number;
  readonly #seed: number;

  constructor(backend: Backend, stepsInFlight: number, seed: number) {
    this.info = backend.info;
    this.#backend = backend;
    this.#stepsInFlight = stepsInFlight;
    this.#seed = seed;
  }

  infoFor(spec: ModelSpec): Promise<BackendInfo> {
    return this.#backend.infoFor(spec);
  }

  async createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork> {
    const network = await this.#backend.createNetwork(spec, options);
    return new LateNetwork(network, this.#stepsInFlight, this.#seed, this.work);
  }

  dispose(): void {
    this.#backend.dispose();
  }
}

/** A late backend over the embedded one. */
export async function loadLateBackend(stepsInFlight: number, seed = 1): Promise<LateBackend> {
  return new LateBackend(await loadWasmBackend({ threads: 1 }), stepsInFlight, seed);
}

type Work = 'step' | 'evaluation';

/** Something that may overlap with others of its kind. */
interface Asked {
  readonly work: Work;
  readonly number: number;
  /** Computes it; the returned function reports the result. */
  readonly compute: () => Promise<() => void>;
}

class LateNetwork implements TrainingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly stepsInFlight: number;
  readonly #network: TrainingNetwork;
  readonly #work: LateWork;
  #drawn: number;
  /** Started, in order; not computed yet. */
  readonly #asked: Asked[] = [];
  /** Computed; not reported yet. */
  readonly #computed: { readonly asked: Asked; readonly tell: () => void }[] = [];
  #count = 0;
  #isWorking = false;
  #isBusy = false;

  constructor(network: TrainingNetwork, stepsInFlight: number, seed: number, work: LateWork) {
    this.spec = network.spec;
    this.options = network.options;
    this.memoryBytes = network.memoryBytes;
    this.stepsInFlight = stepsInFlight;
    this.#network = network;
    this.#drawn = seed;
    this.#work = work;
  }

  trainStep(batch: Batch, options: StepOptions): Promise<StepResult> {
    const kept = copyOf(batch);
    this.#work.steps += 1;
    const result = this.#begin('step', () => this.#network.trainStep(kept, options));
    this.#work.maxUnderWay = Math.max(this.#work.maxUnderWay, this.#underWay);
    return result;
  }

  evaluate(batch: Batch): Promise<number> {
    const kept = copyOf(batch);
    this.#work.evaluations += 1;
    const loss = this.#begin('evaluation', () => this.#network.evaluate(kept));
    this.#work.maxEvaluations = Math.max(this.#work.maxEvaluations, this.#underWay);
    return loss;
  }

  resetEvaluation(weights?: WeightKind): Promise<void> {
    return this.#later(() => this.#network.resetEvaluation(weights));
  }

  exportTensors(): Promise<TensorMap> {
    return this.#later(() => this.#network.exportTensors());
  }

  importTensors(tensors: TensorMap): Promise<void> {
    return this.#later(() => this.#network.importTensors(tensors));
  }

  exportGradients(): Promise<TensorMap> {
    return this.#later(() => this.#network.exportGradients());
  }

  dispose(): void {
    this.#requireRest();
    this.#network.dispose();
  }

  get #underWay(): number {
    return this.#asked.length + this.#computed.length;
  }

  #requireRest(): void {
    if (this.#underWay > 0) throw new Error('something else was asked for while steps were under way');
    if (this.#isBusy) throw new Error('two things were asked for at once');
  }

  async #later<Value>(compute: () => Promise<Value>): Promise<Value> {
    this.#requireRest();
    this.#isBusy = true;
    for (let turns = this.#draw(3); turns >= 0; turns--) await turn();
    try {
      return await compute();
    } finally {
      this.#isBusy = false;
    }
  }

  #begin<Value>(work: Work, compute: () => Promise<Value>): Promise<Value> {
    if (this.#isBusy) throw new Error(`${work} begun while something else was under way`);
    const others = [...this.#asked, ...this.#computed.map(({ asked }) => asked)];
    if (others.some((other) => other.work !== work)) throw new Error('steps and evaluations are mixed');
    if (this.#underWay >= this.stepsInFlight) throw new Error('more was begun than may be under way');
    const answer = Promise.withResolvers<Value>();
    const computed = async (): Promise<() => void> => {
      const value = await compute();
      return () => answer.resolve(value);
    };
    this.#asked.push({ work, number: this.#count++, compute: computed });
    if (!this.#isWorking) void this.#compute();
    return answer.promise;
  }

  /** On each turn of the event loop: computes the first request, or reports any computed result, or does nothing. */
  async #compute(): Promise<void> {
    this.#isWorking = true;
    while (this.#underWay > 0) {
      await turn();
      const drawn = this.#draw(4);
      const [oldest] = this.#asked;
      if (drawn < 2 && oldest !== undefined) {
        const tell = await oldest.compute();
        this.#computed.push({ asked: oldest, tell });
        this.#asked.shift();
      } else if (drawn === 2) this.#emit(this.#draw(this.#computed.length));
    }
    this.#isWorking = false;
  }

  #emit(index: number): void {
    const [told] = this.#computed.splice(index, 1);
    if (told === undefined) return;
    const { asked, tell } = told;
    const isOvertaking = this.#computed.some((other) => other.asked.number < asked.number);
    if (isOvertaking && asked.work === 'step') this.#work.overtaking += 1;
    tell();
  }

  /** A whole number below a bound. */
  #draw(below: number): number {
    this.#drawn = mix32(this.#drawn + 1);
    return this.#drawn % Math.max(1, below);
  }
}

function copyOf({ x, y }: Batch): Batch {
  return { x: x.slice(), y: y.slice() };
}
