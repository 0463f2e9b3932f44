import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import { keptWith, storedTensors, type StoredTensors } from '../../model/stored-tensors.ts';
import { dropoutKey, weightDropSite } from '../../random/dropout.ts';
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
import { checkTensors } from '../check-tensors.ts';
import { slotField } from './fields/network-fields.ts';
import { NetworkMemory, type WasmContext } from './network-memory.ts';
import type { Layout } from './layout.ts';
import { readParameter, readRows, writeParameter, writeRows } from './tensors.ts';

interface TensorGroup {
  /** The kernels' array of all parameters. */
  readonly field: string;
  readonly prefix: string;
}

const parameterGroup: TensorGroup = { field: 'parameters', prefix: '' };
const averageGroup: TensorGroup = { field: 'average', prefix: 'average.' };

/** A network in linear memory. The kernels do the arithmetic; this class moves symbols, numbers and tensors in and out. */
export class WasmNetwork implements ImmediateNetwork, SamplingNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly #home: WasmContext;
  readonly #memory: NetworkMemory;
  readonly #base: number;
  readonly #stored: StoredTensors;
  /** Address of the header that evaluations read. */
  #evaluated: number;
  #disposed = false;

  constructor(spec: ModelSpec, options: NetworkOptions, layout: Layout, base: number, home: WasmContext) {
    this.spec = spec;
    this.options = options;
    this.memoryBytes = layout.bytes;
    this.#home = home;
    this.#base = base;
    this.#memory = new NetworkMemory(layout, base, home);
    this.#evaluated = this.#headerFor('trained');
    this.#stored = storedTensors(spec, keptWith(options));
  }

  /** For observers of an evaluation (reading-network.ts). */
  get memory(): NetworkMemory {
    return this.#memory;
  }

  trainStep(batch: Batch, { iteration, learningRate, averageWeight = 0 }: StepOptions): StepResult {
    this.#loadBatch(batch);
    this.#drawMasks(iteration);
    this.#memory.setNumber('learningRate', learningRate);
    this.#memory.setNumber('averageWeight', averageWeight);
    for (const { name, at } of optimizers[this.options.optimizer.kind].scalars) {
      this.#memory.setNumber(name, at(iteration));
    }
    this.#home.kernels.train(this.#memory.training);
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

  #drawMasks(iteration: number): void {
    const { dropoutKeys, weightDropKeys } = this.#memory;
    const { numLayers } = this.spec;
    const keyOf = (site: number): number => dropoutKey(this.options.dropoutSeed, iteration, site);
    for (let site = 0; site <= numLayers; site++) dropoutKeys[site] = keyOf(site);
    weightDropKeys.forEach((_, layer) => (weightDropKeys[layer] = keyOf(weightDropSite(numLayers, layer))));
  }

  evaluate(batch: Batch): number {
    this.#loadBatch(batch);
    this.#home.kernels.evaluate(this.#evaluated);
    return this.#meanLoss();
  }

  resetEvaluation(weights: WeightKind = 'trained'): void {
    this.#evaluated = this.#headerFor(weights);
    for (const state of this.#memory.evaluationStates()) state.fill(0);
  }

  sampleStep(symbol: number): Float32Array {
    this.#home.kernels.sample(this.#headerFor('trained'), this.#checked(symbol));
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
    const { batchSize } = this.options;
    const groups = this.#groups().flatMap((group) => this.#readGroup(group));
    const states = this.#stored.state.map(({ name }): [string, TensorData] => [
      name,
      readRows(batchSize, this.spec.rnnSize, this.#memory.trainingState(name)),
    ]);
    return new Map([...groups, ...states]);
  }

  importTensors(tensors: TensorMap): void {
    // Everything is checked before anything is written: a refused import leaves the network as it was.
    checkTensors(this.#stored, tensors);
    for (const group of this.#groups()) this.#writeGroup(group, tensors);
    for (const { name } of this.#stored.state) {
      const target = this.#memory.trainingState(name);
      const tensor = tensors.get(name);
      if (tensor === undefined) target.fill(0);
      else writeRows(this.options.batchSize, this.spec.rnnSize, tensor.data, target);
    }
  }

  exportGradients(): TensorMap {
    return new Map(this.#readGroup({ field: 'gradients', prefix: '' }));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#home.release(this.#base);
  }

  /** Everything that is stored once for each parameter, in the order of a checkpoint. */
  #groups(): readonly TensorGroup[] {
    const { slots } = optimizers[this.options.optimizer.kind];
    return [
      parameterGroup,
      ...slots.map((slot) => ({ field: slotField(slot), prefix: `optimizer.${slot}.` })),
      ...(this.options.averaging ? [averageGroup] : []),
    ];
  }

  #headerFor(weights: WeightKind): number {
    const header = this.#memory.evaluation(weights);
    if (header === undefined) {
      throw new CharloomError('incompatible', 'This network has no averaged weights.');
    }
    return header;
  }

  #readGroup({ field, prefix }: TensorGroup): readonly [string, TensorData][] {
    return this.#stored.parameters.map(({ name, shape }, index) => {
      const { place, stored } = this.#memory.parameter(field, index);
      return [prefix + name, readParameter(place, shape, stored)];
    });
  }

  /** Tensors that are missing become zero. */
  #writeGroup({ field, prefix }: TensorGroup, tensors: TensorMap): void {
    for (const [index, { name }] of this.#stored.parameters.entries()) {
      const { place, stored } = this.#memory.parameter(field, index);
      const tensor = tensors.get(prefix + name);
      if (tensor === undefined) stored.fill(0);
      else writeParameter(place, tensor, stored);
    }
  }

  /** From the batch's [b][t] to the kernels' [t][b]. A symbol outside the vocabulary would read out of bounds, so it is refused. */
  #loadBatch({ x, y, starts }: Batch): void {
    const { batchSize, sequenceLength, records } = this.options;
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
        if (records) this.#memory.starts[to] = starts?.[from] ?? 0;
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
