import type { CarriedState, Cell, CellStep, StateGradient } from './cells/cell.ts';
import { existing } from './cells/existing.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { LayerWeights } from './parameters.ts';

/** Sizes of the strand of work being written: one row group through the whole sequence. */
export interface StrandShape {
  readonly rows: number;
  readonly chunks: readonly number[];
  readonly rnnSize: number;
  readonly vocabularySize: number;
}

/** What one layer did, chunk by chunk. */
export interface LayerPass {
  /** The layer's input by chunk: symbols [steps*rows] in layer 0, the masked output of the layer below elsewhere. */
  readonly inputs: readonly Output[];
  readonly steps: readonly (readonly CellStep[])[];
  /** h by chunk, time-major: [steps*rows, H]. */
  readonly hidden: readonly Output[];
  readonly final: CarriedState;
}

/** Writes a layer's forward pass: one large input product per chunk, then the recurrence step by step. */
export function runLayer(
  tf: Operations,
  cell: Cell,
  shape: StrandShape,
  layer: { readonly index: number; readonly weights: LayerWeights; readonly initial: CarriedState },
  inputs: readonly Output[],
): LayerPass {
  const { weights } = layer;
  const widths = cell.blocks.map((gates) => gates * shape.rnnSize);
  const hidden: Output[] = [];
  const steps: CellStep[][] = [];
  let state = layer.initial;
  for (const [chunk, length] of shape.chunks.entries()) {
    const input = existing(inputs[chunk]);
    const product =
      layer.index === 0
        ? tf.gatherRows(weights.wx, input)
        : tf.matMul(input, weights.wx, { transposeB: true });
    const blocks = tf
      .split(tf.biasAdd(product, weights.bias), widths, 1)
      .map((block) => tf.split(block, evenRows(length, shape.rows), 0));
    const done: CellStep[] = [];
    for (let time = 0; time < length; time++) {
      const projected = blocks.map((block) => existing(block[time]));
      const step = cell.step(projected, weights.recurrent, state);
      state = step.state;
      done.push(step);
    }
    steps.push(done);
    hidden.push(
      tf.concat(
        done.map((step) => step.state.h),
        0,
      ),
    );
  }
  return { inputs, steps, hidden, final: state };
}

/**
 * Writes a layer's backward pass from the gradient of its output (by chunk) to the gradient of its input (by chunk; none in layer
 * 0, whose input is symbols), adding the weight gradients of each chunk as it goes.
 */
export function runLayerBackward(
  tf: Operations,
  shape: StrandShape,
  layer: { readonly index: number; readonly weights: LayerWeights; readonly pass: LayerPass },
  upstream: readonly Output[],
  gradients: Gradients,
): readonly Output[] {
  const { pass, index, weights } = layer;
  const downstream: Output[] = [];
  let carried: StateGradient | undefined;
  for (let chunk = shape.chunks.length - 1; chunk >= 0; chunk--) {
    const steps = existing(pass.steps[chunk]);
    const arriving = tf.split(existing(upstream[chunk]), evenRows(steps.length, shape.rows), 0);
    const gates: (readonly Output[])[] = [];
    const operands: (readonly Output[])[] = [];
    for (let time = steps.length - 1; time >= 0; time--) {
      const fromAbove = existing(arriving[time]);
      const h = carried === undefined ? fromAbove : tf.add(fromAbove, carried.h);
      const gradient = carried?.c === undefined ? { h } : { h, c: carried.c };
      const step = existing(steps[time]).backward(gradient, chunk > 0 || time > 0);
      carried = step.previous;
      gates.unshift(step.gates);
      operands.unshift(step.operands);
    }
    const sums = addWeightGradients(tf, shape, layer, chunk, { gates, operands }, gradients);
    if (index > 0) downstream.unshift(tf.matMul(sums, weights.wx));
  }
  return downstream;
}

/** Adds one chunk's gradients of wx, wh and both biases; returns the gate gradient of the chunk, [steps*rows, G*H]. */
function addWeightGradients(
  tf: Operations,
  shape: StrandShape,
  { index, pass }: { readonly index: number; readonly pass: LayerPass },
  chunk: number,
  byTime: { readonly gates: (readonly Output[])[]; readonly operands: (readonly Output[])[] },
  gradients: Gradients,
): Output {
  const blocks = existing(byTime.gates[0]).map((_, block) => ({
    gates: tf.concat(column(byTime.gates, block), 0),
    operands: tf.concat(column(byTime.operands, block), 0),
  }));
  const sums = tf.concat(
    blocks.map((block) => block.gates),
    1,
  );
  const input = existing(pass.inputs[chunk]);
  const wh = blocks.map((block) => tf.matMul(block.gates, block.operands, { transposeA: true }));
  gradients.add(`layers.${index}.wh`, tf.concat(wh, 0));
  gradients.add(
    `layers.${index}.wx`,
    index === 0
      ? tf.scatterRows(sums, input, shape.vocabularySize)
      : tf.matMul(sums, input, { transposeA: true }),
  );
  gradients.add(`layers.${index}.bias`, sumRows(tf, sums, byTime.gates.length * shape.rows));
  return sums;
}

/** Sum over rows as a product with ones, [1, columns]: several times faster than TensorFlow's own column reduction. */
export function sumRows(tf: Operations, a: Output, rows: number): Output {
  return tf.matMul(tf.filled([1, rows], 1), a);
}

function column(byTime: readonly (readonly Output[])[], block: number): Output[] {
  return byTime.map((blocks) => existing(blocks[block]));
}

function evenRows(steps: number, rows: number): number[] {
  return Array.from({ length: steps }, () => rows);
}
