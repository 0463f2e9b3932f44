import type { Batch } from '../../src/engine/backends/backend.ts';
import { cellOf } from '../../src/shared/domain/cells.ts';
import { gateCount, stateShapes } from '../../src/shared/domain/model-tensors.ts';
import { dropoutKeeps, dropoutKey, weightDropSite } from '../../src/engine/random/dropout.ts';
import { isResidual, type ModelSpec } from '../../src/shared/domain/model-spec.ts';

/**
 * char-rnn's network, also with layer-normalised cells and residual connections, in float64, one number at a time, simple and slow: the reference for
 * backends. It has only a forward pass; gradients come from finite differences of its loss, so no derivative is written twice.
 */
export type Values = Map<string, Float64Array>;

export interface ReferenceInput {
  readonly spec: ModelSpec;
  readonly batchSize: number;
  readonly sequenceLength: number;
  /** Parameters and initial state under their canonical names; absent states are zero. */
  readonly values: Values;
  readonly batch: Batch;
  /** Dropout is on when this is given. */
  readonly dropout?: { readonly seed: number; readonly iteration: number };
  /** Weight drop is on when this is given. */
  readonly weightDrop?: { readonly seed: number; readonly iteration: number; readonly share: number };
}

export interface ReferenceOutput {
  /** Mean cross entropy over batch and time. */
  readonly loss: number;
  readonly state: Values;
  /** Logits of each prediction, [t][b][V]. */
  readonly logits: number[][][];
}

type Row = number[];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function vector(values: Values, name: string): Float64Array {
  const found = values.get(name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
}

/** W * x + b for the rows [from, to) of W [.., x.length]. */
function affine(w: Float64Array, b: Float64Array, x: Row, from: number, to: number): Row {
  return Array.from({ length: to - from }, (_, index) => {
    const row = (from + index) * x.length;
    return x.reduce((sum, value, column) => sum + (w[row + column] ?? NaN) * value, b[from + index] ?? NaN);
  });
}

/** (v - mean) / sqrt(variance + epsilon), the variance biased. */
function layerNorm(v: Row): Row {
  const mean = v.reduce((sum, value) => sum + value, 0) / v.length;
  const variance = v.reduce((sum, value) => sum + (value - mean) ** 2, 0) / v.length;
  return v.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}

/** The gates [first, last) of a layer's product with W and its bias; in a layer-normalised layer all of them are one vector that is normalised. */
type Product = (source: Row, first: number, last: number) => Row;

function productOf(spec: ModelSpec, tensor: (part: string) => Float64Array, side: 'x' | 'h'): Product {
  const size = spec.rnnSize;
  const [w, b] = [tensor(`w${side}`), tensor(`b${side}`)];
  if (!spec.layerNorm) return (source, first, last) => affine(w, b, source, first * size, last * size);
  const gain = tensor(`g${side}`);
  const nothing = new Float64Array(b.length);
  return (source, first, last) =>
    layerNorm(affine(w, nothing, source, first * size, last * size)).map((value, index) => {
      const row = first * size + index;
      return value * (gain[row] ?? NaN) + (b[row] ?? NaN);
    });
}

/** One layer, one row of the batch, one time step: the new [h] or [h, c]. `overwrite` may change a memory before its output is made. */
export function stepCell(
  spec: ModelSpec,
  values: Values,
  layer: number,
  x: Row,
  state: readonly Row[],
  overwrite: (cell: Row) => Row = (cell) => cell,
): Row[] {
  const [h = [], c = []] = state;
  const tensor = (part: string): Float64Array => vector(values, `layers.${layer}.${part}`);
  const size = spec.rnnSize;
  const fromInput = productOf(spec, tensor, 'x')(x, 0, gateCount(spec));
  const fromHidden = productOf(spec, tensor, 'h');
  const gate = (recurrent: Row, index: number, offset: number): Row =>
    recurrent
      .slice((index - offset) * size, (index - offset + 1) * size)
      .map((value, unit) => value + (fromInput[index * size + unit] ?? NaN));
  if (spec.model === 'rnn') return [gate(fromHidden(h, 0, 1), 0, 0).map(Math.tanh)];
  if (spec.model === 'gru') {
    const recurrent = fromHidden(h, 0, 2);
    const z = gate(recurrent, 0, 0).map(sigmoid);
    const r = gate(recurrent, 1, 0).map(sigmoid);
    const reset = h.map((value, unit) => value * (r[unit] ?? NaN));
    const n = gate(fromHidden(reset, 2, 3), 2, 2).map(Math.tanh);
    return [h.map((old, unit) => (z[unit] ?? NaN) * (n[unit] ?? NaN) + (1 - (z[unit] ?? NaN)) * old)];
  }
  const recurrent = fromHidden(h, 0, 4);
  const [i, f, o] = [0, 1, 2].map((index) => gate(recurrent, index, 0).map(sigmoid));
  const g = gate(recurrent, 3, 0).map(Math.tanh);
  const cellState = overwrite(
    c.map((old, unit) => (f?.[unit] ?? NaN) * old + (i?.[unit] ?? NaN) * (g[unit] ?? NaN)),
  );
  const shown = spec.layerNorm ? normalisedState(cellState, tensor('gc'), tensor('bc')) : cellState;
  return [shown.map((value, unit) => (o?.[unit] ?? NaN) * Math.tanh(value)), cellState];
}

function normalisedState(c: Row, gain: Float64Array, bias: Float64Array): Row {
  return layerNorm(c).map((value, unit) => value * (gain[unit] ?? NaN) + (bias[unit] ?? NaN));
}

/** Runs one chunk. */
export function referenceForward(input: ReferenceInput): ReferenceOutput {
  const { spec, batchSize, sequenceLength, batch } = input;
  const values = thinned(input);
  const parts = cellOf(spec).states.map(({ name }) => name);
  const state: Values = new Map(
    stateShapes(spec, batchSize).map(({ name }) => [
      name,
      Float64Array.from(values.get(name) ?? new Float64Array(batchSize * spec.rnnSize)),
    ]),
  );
  let loss = 0;
  const logits: number[][][] = [];
  for (let t = 0; t < sequenceLength; t++) {
    const predictions: number[][] = [];
    for (let row = 0; row < batchSize; row++) {
      const symbol = batch.x[row * sequenceLength + t];
      let x: Row = Array.from({ length: spec.vocabularySize }, (_, index) => (index === symbol ? 1 : 0));
      for (let layer = 0; layer < spec.numLayers; layer++) {
        const at = row * spec.rnnSize;
        const stored = parts.map((part) => vector(state, `state.${layer}.${part}`));
        const begins = batch.starts?.[row * sequenceLength + t] === 1;
        const before = stored.map((array) =>
          Array.from(array.subarray(at, at + spec.rnnSize), (value) => (begins ? 0 : value)),
        );
        const after = stepCell(spec, values, layer, x, before);
        stored.forEach((array, index) => array.set(after[index] ?? [], at));
        const below = x;
        const output = (after[0] ?? []).map((h, unit) =>
          isResidual(spec) && layer > 0 ? h + (below[unit] ?? NaN) : h,
        );
        x = dropped(input, output, layer + 1, t * batchSize + row);
      }
      const output = affine(
        vector(values, 'decoder.w'),
        vector(values, 'decoder.b'),
        x,
        0,
        spec.vocabularySize,
      );
      const top = Math.max(...output);
      const total = output.reduce((sum, value) => sum + Math.exp(value - top), 0);
      loss += Math.log(total) + top - (output[batch.y[row * sequenceLength + t] ?? NaN] ?? NaN);
      predictions.push(output);
    }
    logits.push(predictions);
  }
  return { loss: loss / (batchSize * sequenceLength), state, logits };
}

/** The values with some recurrent weights zero and the others scaled up, by the masks every backend must draw. */
function thinned({ spec, values, weightDrop }: ReferenceInput): Values {
  if (weightDrop === undefined) return values;
  const { seed, iteration, share } = weightDrop;
  const matrices = Array.from({ length: spec.numLayers }, (_, layer) => {
    const name = `layers.${layer}.wh`;
    const key = dropoutKey(seed, iteration, weightDropSite(spec.numLayers, layer));
    const kept = (w: number, index: number): number =>
      dropoutKeeps(key, index, share) ? w / (1 - share) : 0;
    return [name, vector(values, name).map(kept)] as const;
  });
  return new Map([...values, ...matrices]);
}

/** Inverted dropout at a site, by the masks every backend must draw. */
function dropped({ spec, dropout }: ReferenceInput, h: Row, site: number, row: number): Row {
  if (dropout === undefined) return h;
  const key = dropoutKey(dropout.seed, dropout.iteration, site);
  return h.map((value, unit) =>
    dropoutKeeps(key, row * spec.rnnSize + unit, spec.dropout) ? value / (1 - spec.dropout) : 0,
  );
}

/** d(loss * S)/d(values[name][index]) by central differences: the gradient of the batch mean summed over time. */
export function numericalGradient(input: ReferenceInput, name: string, index: number): number {
  const tensor = vector(input.values, name);
  const original = tensor[index] ?? NaN;
  const step = 1e-4;
  tensor[index] = original + step;
  const above = referenceForward(input).loss;
  tensor[index] = original - step;
  const below = referenceForward(input).loss;
  tensor[index] = original;
  return ((above - below) / (2 * step)) * input.sequenceLength;
}
