import { oneHot, product, sigmoid, split, sum, timesColumns, type Vector } from '../arithmetic.ts';
import { numbersIn } from '../arrays.ts';
import { fileOf, type Evaluator, type ReadFiles } from '../format.ts';
import { decoderName, type LayerConfig, type Topology } from './topology.ts';

interface StoredWeights {
  readonly name: string;
  readonly shape: readonly number[];
}
interface ModelFile {
  readonly modelTopology: Topology;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly StoredWeights[];
  }[];
}

type Weights = ReadonlyMap<string, Float32Array>;
/** h, and c of an LSTM. */
type State = readonly [Vector, Vector];

/** Reads model.json and weights.bin, and computes the layers by Keras's definitions, one symbol at a time. */
export function openTensorflowJs(files: ReadFiles): Evaluator {
  const { modelTopology, weightsManifest } = JSON.parse(
    new TextDecoder().decode(fileOf(files, 'model.json')),
  ) as ModelFile;
  const weights = readWeights(files, weightsManifest);
  const { layers } = modelTopology.config;
  const states = new Map<string, State>();
  return (symbol, begins) => {
    if (begins) states.clear();
    const values = new Map<string, Vector>();
    for (const layer of layers) {
      const inputs = (layer.inbound_nodes[0] ?? []).map(([name]) => found(values, name));
      values.set(layer.name, compute(layer, inputs, { weights, states, symbol }));
    }
    return found(values, decoderName);
  };
}

interface Reading {
  readonly weights: Weights;
  readonly states: Map<string, State>;
  readonly symbol: number;
}

function compute(
  { class_name: kind, name, config }: LayerConfig,
  inputs: readonly Vector[],
  reading: Reading,
): Vector {
  const [x = new Float64Array(0)] = inputs;
  const weight = (part: string): Float32Array => found(reading.weights, `${name}/${part}`);
  switch (kind) {
    case 'InputLayer':
      return oneHot(reading.symbol, (config['batch_input_shape'] as readonly number[])[2] ?? 0);
    case 'Add':
      return sum(...inputs);
    case 'Dense':
      return sum(timesColumns(x, weight('kernel')), Float64Array.from(weight('bias')));
    default: {
      const size = config['units'] as number;
      const before = reading.states.get(name) ?? [new Float64Array(size), new Float64Array(size)];
      const after = recurrent(kind, x, before, weight);
      reading.states.set(name, after);
      return after[0];
    }
  }
}

function recurrent(kind: string, x: Vector, [h, c]: State, weight: (part: string) => Float32Array): State {
  const read = sum(timesColumns(x, weight('kernel')), Float64Array.from(weight('bias')));
  const own = weight('recurrent_kernel');
  switch (kind) {
    case 'LSTM': {
      const [i = h, f = h, candidate = h, o = h] = split(sum(read, timesColumns(h, own)), 4);
      const cell = sum(product(f.map(sigmoid), c), product(i.map(sigmoid), candidate.map(Math.tanh)));
      return [product(o.map(sigmoid), cell.map(Math.tanh)), cell];
    }
    case 'GRU': {
      const [readZ = h, readR = h, readH = h] = split(read, 3);
      const [ownZ = h, ownR = h] = split(timesColumns(h, own), 3);
      const z = sum(readZ, ownZ).map(sigmoid);
      const r = sum(readR, ownR).map(sigmoid);
      const [, , ownH = h] = split(timesColumns(product(r, h), own), 3);
      const candidate = sum(readH, ownH).map(Math.tanh);
      return [
        sum(
          product(z, h),
          product(
            z.map((value) => 1 - value),
            candidate,
          ),
        ),
        c,
      ];
    }
    case 'SimpleRNN':
      return [sum(read, timesColumns(h, own)).map(Math.tanh), c];
    default:
      throw new RangeError(`the layer ${kind} is not known here`);
  }
}

function readWeights(files: ReadFiles, manifest: ModelFile['weightsManifest']): Weights {
  const weights = new Map<string, Float32Array>();
  for (const { paths, weights: stored } of manifest) {
    const numbers = numbersIn(fileOf(files, paths[0] ?? ''));
    let offset = 0;
    for (const { name, shape } of stored) {
      const size = shape.reduce((total, dimension) => total * dimension, 1);
      weights.set(name, numbers.subarray(offset, offset + size));
      offset += size;
    }
    if (offset !== numbers.length) throw new RangeError('weights.bin has another size than model.json says');
  }
  return weights;
}

function found<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`there is no ${name}`);
  return value;
}
