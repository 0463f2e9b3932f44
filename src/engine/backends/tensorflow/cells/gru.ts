import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/**
 * char-rnn's GRU: n = tanh(Wx·x + Wh·(r*h)), h' = z*n + (1-z)*h. The reset gate acts BEFORE the recurrent product and z weighs the
 * NEW state; cuDNN does the first the other way round, TensorFlow's GRUBlockCell the second.
 */
export function gruCell(tf: Operations, size: number): Cell {
  return {
    step([gatesProjected, candidateProjected], [gateWeights, candidateWeights], [h]) {
      const wGates = assertDefined(gateWeights);
      const wCandidate = assertDefined(candidateWeights);
      const sums = tf.add(assertDefined(gatesProjected), tf.matMul(h, wGates, { transposeB: true }));
      const [updateSum, resetSum] = tf.split(sums, [size, size], 1);
      const z = tf.sigmoid(assertDefined(updateSum));
      const r = tf.sigmoid(assertDefined(resetSum));
      const reset = tf.multiply(r, h);
      const recurrent = tf.matMul(reset, wCandidate, { transposeB: true });
      const n = tf.tanh(tf.add(assertDefined(candidateProjected), recurrent));
      const change = tf.subtract(n, h);
      return {
        state: [tf.add(h, tf.multiply(z, change))],
        backward([dh], needsPrevious) {
          const toCandidate = tf.multiply(dh, z);
          const candidate = tf.tanhGradient(n, toCandidate);
          const toReset = tf.matMul(candidate, wCandidate);
          const gates = tf.concat(
            [tf.sigmoidGradient(z, tf.multiply(dh, change)), tf.sigmoidGradient(r, tf.multiply(toReset, h))],
            1,
          );
          const result = { gates: [gates, candidate], operands: [h, reset] };
          if (!needsPrevious) return result;
          const kept = tf.subtract(dh, toCandidate);
          const through = tf.add(tf.multiply(toReset, r), tf.matMul(gates, wGates));
          return { ...result, previous: [tf.add(kept, through)] };
        },
      };
    },
  };
}
