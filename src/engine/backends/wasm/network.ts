import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { parameterShapes, stateShapes, type TensorShape } from '../../../shared/domain/model-tensors.ts';
import { dropoutKey } from '../../random/dropout.ts';
import type {
  Batch,
  NetworkOptions,
  SamplingNetwork,
  StepOptions,
  StepResult,
  TensorData,
  TensorMap,
} from '../backend.ts';
import type { ImmediateNetwork } from '../immediate.ts';
import { NetworkMemory, type WasmContext } from './network-memory.ts';
import type { Layout } from './layout.ts';
import { readParameter, readRows, requireTensor, writeParameter, writeRows } from './tensors.ts';

interface TensorGroup {
  readonly field: 'parameters' | 'accumulatorM' | 'accumulatorV' | 'gradients';
  readonly prefix: string;
}

const parameterGroup: TensorGroup = { field: 'parameters', prefix: '' };

/** A network in linear memory; the arithmetic is the kernels', this class moves symbols, numbers and tensors in and out. */
export class WasmNetwork implements ImmediateNetwork, SamplingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly #home: WasmContext;
  readonly #memory: NetworkMemory;
  readonly #shapes: readonly TensorShape[];
  #disposed = false;

  constructor(spec: ModelSpec, options: NetworkOptions, layout: Layout, base: number, home: WasmContext) {
    this.spec = spec;
    this.options = options;
    this.memoryBytes = layout.bytes;
    this.#home = home;
    this.#memory = new NetworkMemory(spec, options, layout, base, home);
    this.#shapes = parameterShapes(spec);
  }

  trainStep(batch: Batch, { iteration, learningRate }: StepOptions): StepResult {
    this.#loadBatch(batch);
    for (let site = 0; site <= this.spec.numLayers; site++) {
      this.#memory.dropoutKeys[site] = dropoutKey(this.options.dropoutSeed, iteration, site);
    }
    this.#memory.setFloat('learningRate', learningRate);
    this.#memory.setFloat('correction1', 1 - 0.9 ** iteration);
    this.#memory.setFloat('correction2', 1 - 0.999 ** iteration);
    this.#home.kernels.train(this.#memory.base);
    let gradientSquares = 0;
    let parameterSquares = 0;
    const sums = this.#memory.partialSums;
    for (let block = 0; block < sums.length; block += 2) {
      gradientSquares += sums[block] ?? 0;
      parameterSquares += sums[block + 1] ?? 0;
    }
    return {
      loss: this.#meanLoss(),
      gradientNorm: Math.sqrt(gradientSquares),
      parameterNorm: Math.sqrt(parameterSquares),
    };
  }

  evaluate(batch: Batch): number {
    this.#loadBatch(batch);
    this.#home.kernels.evaluate(this.#memory.base);
    return this.#meanLoss();
  }

  resetEvaluation(): void {
    for (const state of this.#memory.evaluationStates()) state.fill(0);
  }

  sampleStep(symbol: number): Float32Array {
    this.#home.kernels.sample(this.#memory.base, this.#checked(symbol));
    return this.#memory.sampleLogits;
  }

  readSamplingState(): Float32Array {
    const parts = this.#memory.samplingStates();
    const state = new Float32Array(parts.length * this.spec.rnnSize);
    parts.forEach((part, index) => state.set(part, index * this.spec.rnnSize));
    return state;
  }

  writeSamplingState(state: Float32Array): void {
    const parts = this.#memory.samplingStates();
    const size = this.spec.rnnSize;
    if (state.length !== parts.length * size) {
      throw new CharloomError(
        'incompatible',
        `A sampling state of this network has ${parts.length * size} numbers.`,
      );
    }
    parts.forEach((part, index) => part.set(state.subarray(index * size, (index + 1) * size)));
  }

  resetSampling(): void {
    for (const part of this.#memory.samplingStates()) part.fill(0);
  }

  exportTensors(): TensorMap {
    const groups = [parameterGroup, ...this.#accumulators()].flatMap((group) => this.#readGroup(group));
    const states = this.#stateShapes().map(({ name }): [string, TensorData] => [
      name,
      readRows(this.options.batchSize, this.spec.rnnSize, this.#memory.trainingState(name)),
    ]);
    return new Map([...groups, ...states]);
  }

  importTensors(tensors: TensorMap): void {
    this.#refuseUnknown(tensors);
    const has = (prefix: string): boolean => [...tensors.keys()].some((name) => name.startsWith(prefix));
    // Everything is checked before anything is written: a refused import leaves the network as it was.
    const writes = [
      ...this.#groupWrites(parameterGroup, tensors),
      ...this.#accumulators().flatMap((group) =>
        this.#groupWrites(group, has('optimizer.') ? tensors : undefined),
      ),
      ...this.#stateWrites(has('state.') ? tensors : undefined),
    ];
    for (const write of writes) write();
  }

  exportGradients(): TensorMap {
    return new Map(this.#readGroup({ field: 'gradients', prefix: '' }));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#home.release(this.#memory.base);
  }

  #accumulators(): readonly TensorGroup[] {
    const m: TensorGroup = { field: 'accumulatorM', prefix: 'optimizer.m.' };
    const v: TensorGroup = { field: 'accumulatorV', prefix: 'optimizer.v.' };
    return this.options.optimizer.kind === 'adam' ? [m, v] : [m];
  }

  #stateShapes(): readonly TensorShape[] {
    return stateShapes(this.spec, this.options.batchSize);
  }

  #refuseUnknown(tensors: TensorMap): void {
    const groups = [parameterGroup, ...this.#accumulators()];
    const known = new Set([
      ...groups.flatMap(({ prefix }) => this.#shapes.map(({ name }) => prefix + name)),
      ...this.#stateShapes().map(({ name }) => name),
    ]);
    for (const name of tensors.keys()) {
      if (known.has(name)) continue;
      throw new CharloomError('incompatible', `The tensor ${name} does not belong to this network.`);
    }
  }

  #readGroup({ field, prefix }: TensorGroup): readonly [string, TensorData][] {
    return this.#shapes.map(({ name, shape }, index) => {
      const { place, stored } = this.#memory.parameter(field, index);
      return [prefix + name, readParameter(this.spec, place, shape, stored)];
    });
  }

  /** Checked writes of one group; without tensors the group becomes zero. */
  #groupWrites({ field, prefix }: TensorGroup, tensors: TensorMap | undefined): readonly (() => void)[] {
    return this.#shapes.map(({ name, shape }, index) => {
      const { place, stored } = this.#memory.parameter(field, index);
      if (tensors === undefined) return () => void stored.fill(0);
      const tensor = requireTensor(tensors, { name: prefix + name, shape });
      return () => writeParameter(this.spec, place, tensor, stored);
    });
  }

  #stateWrites(tensors: TensorMap | undefined): readonly (() => void)[] {
    return this.#stateShapes().map((shape) => {
      const stored = this.#memory.trainingState(shape.name);
      if (tensors === undefined) return () => void stored.fill(0);
      const { data } = requireTensor(tensors, shape);
      return () => writeRows(this.options.batchSize, this.spec.rnnSize, data, stored);
    });
  }

  /** From the batch's [b][t] to the kernels' [t][b]. A symbol outside the vocabulary would read foreign memory, so it is refused. */
  #loadBatch({ x, y }: Batch): void {
    const { batchSize, sequenceLength } = this.options;
    const { inputs, targets } = this.#memory;
    if (x.length !== inputs.length || y.length !== targets.length) {
      throw new CharloomError('incompatible', `A batch of this network has ${inputs.length} symbols.`);
    }
    for (let row = 0; row < batchSize; row++) {
      for (let t = 0; t < sequenceLength; t++) {
        const from = row * sequenceLength + t;
        const to = t * batchSize + row;
        inputs[to] = this.#checked(x[from]);
        targets[to] = this.#checked(y[from]);
      }
    }
  }

  #checked(symbol: number | undefined): number {
    if (symbol !== undefined && symbol >= 0 && symbol < this.spec.vocabularySize) return symbol;
    const size = this.spec.vocabularySize;
    throw new CharloomError('incompatible', `Symbol ${String(symbol)} is outside the vocabulary of ${size}.`);
  }

  #meanLoss(): number {
    let total = 0;
    for (const loss of this.#memory.losses) total += loss;
    return total / this.#memory.losses.length;
  }
}
