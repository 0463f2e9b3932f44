import { cellOf, gatesOf, groupSizes } from '../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { TensorMap } from '../backend.ts';
import { addNormalised } from './normalise.ts';
import { addProduct, transposed } from './products.ts';

/** The recurrent product of one group of gates; the arrays are parts of the layer's. */
interface GateGroup {
  /** [H, gates * H]. */
  readonly weights: Float32Array;
  readonly gates: Float32Array;
  readonly product: Float32Array;
  readonly gain: Float32Array | undefined;
}

/** One layer of a network that writes: its weights, laid out for a product with one row, and its state. */
export interface Layer {
  /** H. */
  readonly size: number;
  /** [in, G * H]. */
  readonly inputWeights: Float32Array;
  /** bx + bh, [G * H]. */
  readonly biases: Float32Array;
  readonly groups: readonly GateGroup[];
  /** [G * H]: first their sums, then their values. */
  readonly gates: Float32Array;
  /** Products to be normalised, [G * H]. */
  readonly product: Float32Array;
  /** Layer normalisation: gain of the input's product; gain and bias of the cell state. */
  readonly inputGain: Float32Array | undefined;
  readonly cellGain: Float32Array | undefined;
  readonly cellBias: Float32Array | undefined;
  /** The carried states, [H] each, h first. */
  readonly states: readonly Float32Array[];
  /** Scratch space for a cell, [H]. */
  readonly scratch: Float32Array;
  /** What the layer hands upwards, [H]: the hidden state itself, unless the layer adds its input. */
  readonly output: Float32Array;
}

/** Lays out a layer's parameters. `tensors` must be complete. */
export function createLayer(spec: ModelSpec, index: number, tensors: TensorMap, isResidual: boolean): Layer {
  const { rnnSize: size } = spec;
  const cell = cellOf(spec);
  const rows = gatesOf(cell).length * size;
  const tensor = (name: string): Float32Array | undefined => tensors.get(`layers.${index}.${name}`)?.data;
  const needed = (name: string): Float32Array => tensor(name) ?? new Float32Array(0);
  const gates = new Float32Array(rows);
  const product = new Float32Array(rows);
  const recurrentBias = needed('bh');
  const states = cell.states.map(() => new Float32Array(size));
  const room = { gates, product, weights: needed('wh'), gain: tensor('gh') };
  return {
    ...{ size, gates, product, states },
    inputWeights: transposed(needed('wx'), rows, index === 0 ? spec.vocabularySize : size),
    biases: needed('bx').map((bias, at) => bias + (recurrentBias[at] ?? 0)),
    groups: gateGroups(groupSizes(cell), size, room),
    inputGain: tensor('gx'),
    cellGain: tensor('gc'),
    cellBias: tensor('bc'),
    scratch: new Float32Array(size),
    output: isResidual ? new Float32Array(size) : (states[0] ?? new Float32Array(size)),
  };
}

interface GroupRoom {
  readonly weights: Float32Array;
  readonly gates: Float32Array;
  readonly product: Float32Array;
  readonly gain: Float32Array | undefined;
}

function gateGroups(sizes: readonly number[], size: number, room: GroupRoom): readonly GateGroup[] {
  let first = 0;
  return sizes.map((gates) => {
    const begin = first;
    const end = begin + gates * size;
    first = end;
    return {
      weights: transposed(room.weights.subarray(begin * size, end * size), gates * size, size),
      gates: room.gates.subarray(begin, end),
      product: room.product.subarray(begin, end),
      gain: room.gain?.subarray(begin, end),
    };
  });
}

/** gates = biases + the input's product, normalised if the model is. The first layer reads a symbol, whose product is a row of the weights. */
export function readInput(layer: Layer, input: number | Float32Array): void {
  const { gates, biases, product, inputWeights, inputGain, size } = layer;
  gates.set(biases);
  const target = inputGain === undefined ? gates : product;
  if (inputGain !== undefined) product.fill(0);
  if (typeof input === 'number') {
    const row = input * gates.length;
    for (let at = 0; at < gates.length; at++) {
      target[at] = (target[at] ?? 0) + (inputWeights[row + at] ?? 0);
    }
  } else addProduct(input, inputWeights, target);
  if (inputGain !== undefined) addNormalised(product, size, inputGain, gates);
}

/** gates += the recurrent product of one group, normalised if the model is. */
export function addRecurrent({ groups, size }: Layer, group: number, source: Float32Array): void {
  const parts = groups[group];
  if (parts === undefined) return;
  const { weights, gates, product, gain } = parts;
  if (gain === undefined) return addProduct(source, weights, gates);
  product.fill(0);
  addProduct(source, weights, product);
  addNormalised(product, size, gain, gates);
}
