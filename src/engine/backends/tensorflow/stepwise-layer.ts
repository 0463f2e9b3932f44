import type { Cell, CellStep, Product, StateGradient, StepGradient } from './cells/cell.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { LayerStart, LayerWriter, RowGroupShape } from './layer.ts';
import type { SymbolEncoding } from './plan.ts';
import { addGradients } from './stepwise-gradients.ts';

/** How a stepwise layer is written. */
export interface StepwiseOptions {
  readonly cell: Cell;
  /** Gates in each group that shares a recurrent operand; they sum to G. */
  readonly groups: readonly number[];
  readonly symbols: SymbolEncoding;
}

/** What the backward pass of a layer needs. */
interface Trace {
  readonly shape: RowGroupShape;
  readonly layer: LayerStart;
  readonly inputs: readonly Output[];
  /** The input's contribution to the gates, by chunk. */
  readonly projections: readonly Product[];
  /** By chunk, then by time. */
  readonly steps: readonly (readonly CellStep[])[];
}

/** Layers that go through time step by step: a few small operations per step, between large products over whole chunks. */
export function stepwiseLayers(tf: Operations, options: StepwiseOptions): LayerWriter {
  return (shape, layer, inputs) => {
    const hidden: Output[] = [];
    const projections: Product[] = [];
    const steps: CellStep[][] = [];
    let state = layer.initial;
    for (const [chunk, length] of shape.chunks.entries()) {
      const projection = layer.weights.project(assertDefined(inputs[chunk]));
      projections.push(projection);
      const blocks = cutByTime(tf, options.groups, shape, projection.output, length);
      const kept = layer.keep && tf.split(assertDefined(layer.keep[chunk]), evenRows(length, shape.rows), 0);
      const done: CellStep[] = [];
      for (let time = 0; time < length; time++) {
        const projected = blocks.map((block) => assertDefined(block[time]));
        const cell =
          kept === undefined ? options.cell : forgetting(tf, options.cell, assertDefined(kept[time]));
        const step = cell.step(projected, layer.weights, state);
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
    const trace = { shape, layer, inputs, projections, steps };
    return {
      hidden,
      final: state,
      backward: (upstream, gradients) => runBackward(tf, options, trace, upstream, gradients),
    };
  };
}

/** A cell whose state is cleared in the rows where a record starts: `keep` is 0 there, [rows, 1]. */
function forgetting(tf: Operations, cell: Cell, keep: Output): Cell {
  return {
    step(projected, weights, [h, ...others]) {
      const kept = (part: Output): Output => tf.multiply(part, keep);
      const step = cell.step(projected, weights, [kept(h), ...others.map(kept)]);
      return {
        state: step.state,
        backward(gradient, needsPrevious) {
          const result = step.backward(gradient, needsPrevious);
          if (result.previous === undefined) return result;
          const [dh, ...further] = result.previous;
          return { ...result, previous: [kept(dh), ...further.map((part) => part && kept(part))] };
        },
      };
    },
  };
}

/** A chunk's projected input by group of gates and by time step, [group][time], each [rows, gates*H]. */
function cutByTime(
  tf: Operations,
  groups: readonly number[],
  shape: RowGroupShape,
  projected: Output,
  steps: number,
): Output[][] {
  const widths = groups.map((gates) => gates * shape.rnnSize);
  return tf.split(projected, widths, 1).map((block) => tf.split(block, evenRows(steps, shape.rows), 0));
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
    const byTime: StepGradient[] = [];
    for (let time = steps.length - 1; time >= 0; time--) {
      const fromAbove = assertDefined(arriving[time]);
      const gradient = carried === undefined ? ([fromAbove] as const) : joined(tf, fromAbove, carried);
      const step = assertDefined(steps[time]).backward(gradient, chunk > 0 || time > 0);
      carried = step.previous;
      byTime.unshift(step);
    }
    const done = {
      input: assertDefined(trace.inputs[chunk]),
      projection: assertDefined(trace.projections[chunk]),
      steps: byTime,
    };
    const projected = addGradients(tf, options.symbols, shape, layer.index, done, gradients);
    if (layer.index > 0) downstream.unshift(projected.operand());
  }
  return downstream;
}

/** h has two sources of gradient: the layer above and, like the other states, the next time step. */
function joined(tf: Operations, fromAbove: Output, [h, ...others]: StateGradient): StateGradient {
  return [tf.add(fromAbove, h), ...others];
}

function evenRows(steps: number, rows: number): number[] {
  return Array.from({ length: steps }, () => rows);
}
