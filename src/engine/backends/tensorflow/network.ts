import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { elementCount, parameterShapes, type TensorShape } from '../../../shared/domain/model-tensors.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { allTensors, keptWith, storedTensors } from '../../model/stored-tensors.ts';
import type { Batch, NetworkOptions, StepOptions, StepResult, TensorMap } from '../backend.ts';
import { checkTensors } from '../check-tensors.ts';
import type { ImmediateNetwork } from '../immediate.ts';
import { arrange, drawMask, drawWeightMask, readingOrder } from './batch-feeds.ts';
import { assertDefined } from './cells/assert-defined.ts';
import { forecastBytes } from './memory.ts';
import { names } from './names.ts';
import { buildNetworkGraph, type FusedKernel } from './network-graph.ts';
import { isOutOfMemory, outOfMemoryError, type DeviceMemory } from './out-of-memory.ts';
import type { GraphPlan } from './plan.ts';
import { recurrentShape } from './weight-drop.ts';
import type { Feed, GraphSession, TensorflowRuntime } from './runtime.ts';

/** What a network runs on. */
export interface TensorflowContext {
  readonly runtime: TensorflowRuntime;
  readonly device: DeviceMemory;
  /** A kernel other than cuDNN's for a plan with fused recurrence. */
  readonly fusedKernel?: FusedKernel | undefined;
}

/** A network whose every step is one run of a TensorFlow graph made for its exact shape. */
export class TensorflowNetwork implements ImmediateNetwork {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly memoryBytes: number;
  readonly #device: DeviceMemory;
  readonly #session: GraphSession;
  readonly #plan: GraphPlan;
  readonly #order: Int32Array;
  readonly #x: Int32Array;
  readonly #y: Int32Array;
  /** 0 where a record starts, in reading order; empty without records. */
  readonly #keep: Float32Array;
  readonly #masks: readonly Float32Array[];
  /** By layer; none without weight drop. */
  readonly #weightMasks: readonly Float32Array[];
  readonly #stored: readonly TensorShape[];
  /** The weights of the current evaluation pass. */
  #evaluated: WeightKind = 'trained';

  constructor(host: TensorflowContext, spec: ModelSpec, options: NetworkOptions, plan: GraphPlan) {
    const { batchSize, sequenceLength } = options;
    const graph = buildNetworkGraph(spec, options, plan, host.fusedKernel);
    this.spec = spec;
    this.options = options;
    this.#plan = plan;
    this.#order = readingOrder({ batchSize, sequenceLength, rowGroups: plan.rowGroups });
    this.#x = new Int32Array(batchSize * sequenceLength);
    this.#y = new Int32Array(batchSize * sequenceLength);
    this.#keep = new Float32Array(options.records ? batchSize * sequenceLength : 0);
    this.#masks = Array.from(
      { length: spec.dropout > 0 ? spec.numLayers : 0 },
      () => new Float32Array(batchSize * sequenceLength * spec.rnnSize),
    );
    this.#weightMasks = Array.from(
      { length: options.weightDrop > 0 ? spec.numLayers : 0 },
      () => new Float32Array(elementCount(recurrentShape(spec))),
    );
    this.#stored = allTensors(storedTensors(spec, keptWith(options)));
    this.#device = host.device;
    this.memoryBytes = forecastBytes(spec, options, host.device.kind);
    this.#session = host.runtime.load(graph.savedModel);
    this.#replaceAll(new Map());
    this.resetEvaluation();
  }

  trainStep(batch: Batch, { iteration, learningRate, averageWeight = 0 }: StepOptions): StepResult {
    this.#arrange(batch);
    const feeds = [
      ...this.#batchFeeds(names.train),
      scalarFeed(names.train.rate, learningRate),
      ...(this.options.averaging ? [scalarFeed(names.train.averageWeight, averageWeight)] : []),
      ...optimizers[this.options.optimizer.kind].scalars.map(({ name, at }) =>
        scalarFeed(names.train.scalar(name), at(iteration)),
      ),
      ...this.#maskFeeds(iteration),
      ...this.#weightMaskFeeds(iteration),
    ];
    const result = this.#run(feeds, names.train.result);
    return {
      loss: assertDefined(result[0]),
      gradientNorm: Math.sqrt(2 * assertDefined(result[1])),
      parameterNorm: Math.sqrt(2 * assertDefined(result[2])),
    };
  }

  evaluate(batch: Batch): number {
    this.#arrange(batch);
    const feeds = this.#batchFeeds(names.evaluate);
    if (this.options.averaging) {
      const flag = Int32Array.of(this.#evaluated === 'averaged' ? 1 : 0);
      feeds.push({ name: names.evaluate.averaged, shape: [], data: flag });
    }
    return assertDefined(this.#run(feeds, names.evaluate.result)[0]);
  }

  resetEvaluation(weights: WeightKind = 'trained'): void {
    if (weights === 'averaged' && !this.options.averaging) {
      throw new CharloomError('incompatible', 'This network has no averaged weights.');
    }
    this.#evaluated = weights;
    this.#run([], names.evaluate.reset);
  }

  exportTensors(): TensorMap {
    return this.#fetch(this.#stored, names.export);
  }

  importTensors(tensors: TensorMap): void {
    checkTensors(storedTensors(this.spec, keptWith(this.options)), tensors);
    this.#replaceAll(tensors);
  }

  exportGradients(): TensorMap {
    return this.#fetch(parameterShapes(this.spec), names.gradient);
  }

  dispose(): void {
    this.#session.dispose();
  }

  #arrange({ x, y, starts }: Batch): void {
    arrange(x, this.#order, this.#x);
    arrange(y, this.#order, this.#y);
    this.#keep.forEach((_, index) => (this.#keep[index] = starts?.[this.#order[index] ?? 0] === 1 ? 0 : 1));
  }

  #batchFeeds(to: { readonly x: string; readonly y: string; readonly keep: string }): Feed[] {
    const shape = [this.#x.length];
    const symbols = [
      { name: to.x, shape, data: this.#x },
      { name: to.y, shape, data: this.#y },
    ];
    return this.options.records
      ? [...symbols, { name: to.keep, shape: [...shape, 1], data: this.#keep }]
      : symbols;
  }

  #maskFeeds(iteration: number): Feed[] {
    const { dropout, rnnSize } = this.spec;
    const layout = { ...this.options, rowGroups: this.#plan.rowGroups };
    return this.#masks.map((data, index) => {
      const site = index + 1;
      const draw = { dropout, rnnSize, seed: this.options.dropoutSeed, iteration, site };
      drawMask(data, this.#order, layout, draw);
      return { name: names.train.mask(site), shape: [this.#order.length, rnnSize], data };
    });
  }

  #weightMaskFeeds(iteration: number): Feed[] {
    const { weightDrop, dropoutSeed: seed } = this.options;
    const shape = recurrentShape(this.spec);
    return this.#weightMasks.map((data, layer) => {
      drawWeightMask(data, { weightDrop, seed, iteration, numLayers: this.spec.numLayers, layer });
      return { name: names.train.weightMask(layer), shape, data };
    });
  }

  /** Replaces every stored tensor; missing ones become zero. */
  #replaceAll(tensors: TensorMap): void {
    const feeds = this.#stored.map(({ name, shape }) => ({
      name: names.import(name),
      shape,
      data: tensors.get(name)?.data ?? new Float32Array(elementCount(shape)),
    }));
    this.#run(feeds, names.imported);
  }

  #fetch(shapes: readonly TensorShape[], nameOf: (tensor: string) => string): TensorMap {
    const values = this.#runAll(
      [],
      shapes.map(({ name }) => nameOf(name)),
    );
    return new Map(
      shapes.map(({ name, shape }, index) => [name, { shape, data: assertDefined(values[index]) }]),
    );
  }

  #run(feeds: readonly Feed[], output: string): Float32Array {
    return assertDefined(this.#runAll(feeds, [output])[0]);
  }

  #runAll(feeds: readonly Feed[], outputs: readonly string[]): Float32Array[] {
    try {
      return this.#session.run(feeds, outputs);
    } catch (error) {
      if (isOutOfMemory(error)) throw outOfMemoryError(this.spec, this.options, this.#device, error);
      throw error;
    }
  }
}

function scalarFeed(name: string, value: number): Feed {
  return { name, shape: [], data: Float32Array.of(value) };
}
