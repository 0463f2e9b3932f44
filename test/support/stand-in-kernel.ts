import type {
  FusedInputs,
  FusedRecurrence,
} from '../../src/engine/backends/tensorflow/graph/fused-recurrence.ts';
import type { Output } from '../../src/engine/backends/tensorflow/graph/graph.ts';
import type { Operations } from '../../src/engine/backends/tensorflow/graph/operations.ts';

interface Step {
  readonly before: { readonly h: Output; readonly c: Output };
  readonly gates: readonly Output[];
  readonly squashed: Output;
}

/**
 * Does the work of cuDNN's kernel, from cuDNN's parameter vector, in operations for a processor: no test machine has a card. It is checked against
 * PyTorch's numbers (test/fixtures/fused-recurrence.json), so it can replace the real kernel in tests of the parameters' layout and the wiring around
 * the kernel.
 */
export function standInKernel(tf: Operations): FusedRecurrence {
  const traces = new Map<Output, { readonly weights: Weights; readonly steps: readonly Step[] }>();
  return {
    forward(inputs) {
      const { steps: count, rows, units } = inputs.sizes;
      const weights = unpack(tf, inputs);
      const { outputs, steps, h, c } = runForward(tf, weights, inputs);
      const output = tf.reshape(tf.concat(outputs, 0), [count, rows, units]);
      traces.set(output, { weights, steps });
      const state = (value: Output): Output => tf.reshape(value, [1, rows, units]);
      return {
        output,
        h: state(h),
        c: inputs.mode === 'lstm' ? state(c) : undefined,
        reserve: [output],
      };
    },
    backward(inputs, { reserve: [output = ''] }, upstream) {
      const trace = traces.get(output);
      if (trace === undefined) throw new Error('the way back needs what the way forward kept');
      return runBackward(tf, trace, inputs, upstream);
    },
  };
}

interface Weights {
  readonly gateCount: number;
  /** [gates*H, I], [gates*H, H] and [gates*H]. */
  readonly wx: Output;
  readonly wh: Output;
  readonly bias: Output;
}

/** The layout as NVIDIA documents it: matrices of all gates first, then one bias vector for the input and one for the recurrence. */
function unpack(tf: Operations, { mode, sizes, parameters }: FusedInputs): Weights {
  const { inputs: columns, units } = sizes;
  const gateCount = mode === 'lstm' ? 4 : 1;
  const rows = gateCount * units;
  const parts = tf.split(parameters, [rows * columns, rows * units, rows, rows], 0);
  return {
    gateCount,
    wx: tf.reshape(at(parts, 0), [rows, columns]),
    wh: tf.reshape(at(parts, 1), [rows, units]),
    bias: tf.add(at(parts, 2), at(parts, 3)),
  };
}

function runForward(
  tf: Operations,
  weights: Weights,
  { sizes: { steps, rows, inputs, units }, input, h, c }: FusedInputs,
): { outputs: Output[]; steps: Step[]; h: Output; c: Output } {
  const flat = tf.reshape(input, [steps * rows, inputs]);
  const products = tf.biasAdd(tf.matMul(flat, weights.wx, { transposeB: true }), weights.bias);
  const byTime = tf.split(
    products,
    Array.from({ length: steps }, () => rows),
    0,
  );
  const done: Step[] = [];
  const outputs: Output[] = [];
  const matrix = (value: Output): Output => tf.reshape(value, [rows, units]);
  let before = { h: matrix(h), c: matrix(c ?? h) };
  for (const product of byTime) {
    const sums = tf.add(product, tf.matMul(before.h, weights.wh, { transposeB: true }));
    const parts = tf.split(
      sums,
      Array.from({ length: weights.gateCount }, () => units),
      1,
    );
    if (weights.gateCount === 1) {
      const squashed = tf.tanh(at(parts, 0));
      done.push({ before, gates: [], squashed });
      before = { h: squashed, c: before.c };
    } else {
      const i = tf.sigmoid(at(parts, 0));
      const f = tf.sigmoid(at(parts, 1));
      const g = tf.tanh(at(parts, 2));
      const o = tf.sigmoid(at(parts, 3));
      const cell = tf.add(tf.multiply(f, before.c), tf.multiply(i, g));
      const squashed = tf.tanh(cell);
      done.push({ before, gates: [i, f, g, o], squashed });
      before = { h: tf.multiply(o, squashed), c: cell };
    }
    outputs.push(before.h);
  }
  return { outputs, steps: done, ...before };
}

function runBackward(
  tf: Operations,
  { weights, steps }: { readonly weights: Weights; readonly steps: readonly Step[] },
  { sizes, input }: FusedInputs,
  upstream: Output,
): { input: Output; parameters: Output } {
  const { steps: count, rows, inputs: columns, units } = sizes;
  const arriving = tf.split(
    tf.reshape(upstream, [count * rows, units]),
    Array.from({ length: count }, () => rows),
    0,
  );
  let fromLater = { h: tf.zerosLike(at(arriving, 0)), c: tf.zerosLike(at(arriving, 0)) };
  const sums: Output[] = [];
  for (const [time, { before, gates, squashed }] of [...steps.entries()].reverse()) {
    const dh = tf.add(at(arriving, time), fromLater.h);
    let gate = tf.tanhGradient(squashed, dh);
    let dc = fromLater.c;
    if (gates.length === 4) {
      const [i, f, g, o] = [at(gates, 0), at(gates, 1), at(gates, 2), at(gates, 3)];
      dc = tf.add(dc, tf.tanhGradient(squashed, tf.multiply(dh, o)));
      const parts = [
        tf.sigmoidGradient(i, tf.multiply(dc, g)),
        tf.sigmoidGradient(f, tf.multiply(dc, before.c)),
        tf.tanhGradient(g, tf.multiply(dc, i)),
        tf.sigmoidGradient(o, tf.multiply(dh, squashed)),
      ];
      gate = tf.concat(parts, 1);
      dc = tf.multiply(dc, f);
    }
    fromLater = { h: tf.matMul(gate, weights.wh), c: dc };
    sums.unshift(gate);
  }
  const all = tf.concat(sums, 0);
  const hidden = tf.concat(
    steps.map(({ before }) => before.h),
    0,
  );
  const flat = tf.reshape(input, [count * rows, columns]);
  const gateRows = weights.gateCount * units;
  const bias = tf.reshape(tf.matMul(tf.filled([1, count * rows], 1), all), [gateRows]);
  const wx = tf.reshape(tf.matMul(all, flat, { transposeA: true }), [gateRows * columns]);
  const wh = tf.reshape(tf.matMul(all, hidden, { transposeA: true }), [gateRows * units]);
  return {
    input: tf.reshape(tf.matMul(all, weights.wx), [count, rows, columns]),
    parameters: tf.concat([wx, wh, bias, bias], 0),
  };
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}
