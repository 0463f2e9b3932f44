import type { Cell, CellStep, StateGradient } from './cells/cell.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { sumRows, type LayerStart, type LayerWriter, type RowGroupShape } from './layer.ts';
import type { SymbolEncoding } from './plan.ts';

/** How a stepwise layer is written. */
export interface StepwiseOptions {
  readonly cell: Cell;
  /** Gates in each group that shares a recurrent operand; they sum to G. */
  readonly groups: readonly number[];
  readonly symbols: SymbolEncoding;
}

/** What is needed to go back through a layer. */
interface Trace {
  readonly shape: RowGroupShape;
  readonly layer: LayerStart;
  readonly inputs: readonly Output[];
  /** By chunk, then by time. */
  readonly steps: readonly (readonly CellStep[])[];
}

/** Layers that go through time step by step, each a few small operations between large products over whole chunks. */
export function stepwiseLayers(tf: Operations, options: StepwiseOptions): LayerWriter {
  return (shape, layer, inputs) => {
    const hidden: Output[] = [];
    const steps: CellStep[][] = [];
    let state = layer.initial;
    for (const [chunk, length] of shape.chunks.entries()) {
      const blocks = projectInput(tf, options.groups, shape, layer, assertDefined(inputs[chunk]), length);
      const done: CellStep[] = [];
      for (let time = 0; time < length; time++) {
        const projected = blocks.map((block) => assertDefined(block[time]));
        const step = options.cell.step(projected, layer.weights.recurrent, state);
        state = step.state;
        done.push(step);
      }
      steps.push(done);
      hidden.push(
        tf.concat(
          done.map(({ state: [h] }) => h),
          0,
        ),
      );
    }
    const trace = { shape, layer, inputs, steps };
    return {
      hidden,
      final: state,
      backward: (upstream, gradients) => runBackward(tf, options, trace, upstream, gradients),
    };
  };
}

/** Wx·x + bx + bh of a chunk in one large product, cut by group of gates and by time step: [group][time], each [rows, gates*H]. */
function projectInput(
  tf: Operations,
  groups: readonly number[],
  shape: RowGroupShape,
  { index, weights }: LayerStart,
  input: Output,
  steps: number,
): Output[][] {
  const product =
    index === 0 ? tf.gatherRows(weights.wx, input) : tf.matMul(input, weights.wx, { transposeB: true });
  const widths = groups.map((gates) => gates * shape.rnnSize);
  return tf
    .split(tf.biasAdd(product, weights.bias), widths, 1)
    .map((block) => tf.split(block, evenRows(steps, shape.rows), 0));
}

function runBackward(
  tf: Operations,
  options: StepwiseOptions,
  trace: Trace,
  upstream: readonly Output[],
  gradients: Gradients,
): readonly Output[] {
  const { shape, layer } = trace;
  const downstream: Output[] = [];
  let carried: StateGradient | undefined;
  for (let chunk = shape.chunks.length - 1; chunk >= 0; chunk--) {
    const steps = assertDefined(trace.steps[chunk]);
    const arriving = tf.split(assertDefined(upstream[chunk]), evenRows(steps.length, shape.rows), 0);
    const gates: (readonly Output[])[] = [];
    const operands: (readonly Output[])[] = [];
    for (let time = steps.length - 1; time >= 0; time--) {
      const fromAbove = assertDefined(arriving[time]);
      const gradient = carried === undefined ? ([fromAbove] as const) : joined(tf, fromAbove, carried);
      const step = assertDefined(steps[time]).backward(gradient, chunk > 0 || time > 0);
      carried = step.previous;
      gates.unshift(step.gates);
      operands.unshift(step.operands);
    }
    const sums = addWeightGradients(tf, options, trace, chunk, { gates, operands }, gradients);
    if (layer.index > 0) downstream.unshift(tf.matMul(sums, layer.weights.wx));
  }
  return downstream;
}

/** h has two sources of gradient: the layer above, and the next time step like the other states. */
function joined(tf: Operations, fromAbove: Output, [h, ...others]: StateGradient): StateGradient {
  return [tf.add(fromAbove, h), ...others];
}

/** Adds one chunk's gradients of wx, wh and both biases; returns the gate gradient of the chunk, [steps*rows, G*H]. */
function addWeightGradients(
  tf: Operations,
  { symbols }: StepwiseOptions,
  { shape, layer: { index }, inputs }: Trace,
  chunk: number,
  byTime: { readonly gates: (readonly Output[])[]; readonly operands: (readonly Output[])[] },
  gradients: Gradients,
): Output {
  const blocks = assertDefined(byTime.gates[0]).map((_, block) => ({
    gates: tf.concat(column(byTime.gates, block), 0),
    operands: tf.concat(column(byTime.operands, block), 0),
  }));
  const sums = tf.concat(
    blocks.map((block) => block.gates),
    1,
  );
  const input = assertDefined(inputs[chunk]);
  const wh = blocks.map((block) => tf.matMul(block.gates, block.operands, { transposeA: true }));
  gradients.add(`layers.${index}.wh`, tf.concat(wh, 0));
  gradients.add(
    `layers.${index}.wx`,
    index === 0
      ? sumBySymbol(tf, symbols, sums, input, shape.vocabularySize)
      : tf.matMul(sums, input, { transposeA: true }),
  );
  gradients.add(`layers.${index}.bias`, sumRows(tf, sums, byTime.gates.length * shape.rows));
  return sums;
}

/** Rows summed by the symbol they belong to, [V, columns]. */
function sumBySymbol(
  tf: Operations,
  way: SymbolEncoding,
  rows: Output,
  symbols: Output,
  vocabularySize: number,
): Output {
  if (way === 'index') return tf.scatterRows(rows, symbols, vocabularySize);
  return tf.matMul(tf.oneHot(symbols, vocabularySize), rows, { transposeA: true });
}

function column(byTime: readonly (readonly Output[])[], block: number): Output[] {
  return byTime.map((blocks) => assertDefined(blocks[block]));
}

function evenRows(steps: number, rows: number): number[] {
  return Array.from({ length: steps }, () => rows);
}
