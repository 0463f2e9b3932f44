import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/**
 * char-rnn's GRU: n = tanh(Wx·x + Wh·(r*h)), h' = z*n + (1-z)*h. The reset gate acts BEFORE the recurrent product and z weighs the
 * NEW state; cuDNN does the first the other way round, TensorFlow's GRUBlockCell the second.
 */
export function gruCell(tf: Operations, size: number): Cell {
  return {
    step([gatesProjected, candidateProjected], { recurrent: [toGates, toCandidate] }, [h]) {
      const gatesProduct = assertDefined(toGates)(h);
      const sums = tf.add(assertDefined(gatesProjected), gatesProduct.output);
      const [updateSum, resetSum] = tf.split(sums, [size, size], 1);
      const z = tf.sigmoid(assertDefined(updateSum));
      const r = tf.sigmoid(assertDefined(resetSum));
      const reset = tf.multiply(r, h);
      const candidateProduct = assertDefined(toCandidate)(reset);
      const n = tf.tanh(tf.add(assertDefined(candidateProjected), candidateProduct.output));
      const change = tf.subtract(n, h);
      return {
        state: [tf.add(h, tf.multiply(z, change))],
        backward([dh], needsPrevious) {
          const throughNew = tf.multiply(dh, z);
          const candidate = tf.tanhGradient(n, throughNew);
          const candidateGradient = candidateProduct.backward(candidate);
          const toReset = candidateGradient.operand();
          const gates = tf.concat(
            [tf.sigmoidGradient(z, tf.multiply(dh, change)), tf.sigmoidGradient(r, tf.multiply(toReset, h))],
            1,
          );
          const gatesGradient = gatesProduct.backward(gates);
          const result = {
            gates: [gates, candidate],
            products: [
              { operand: h, gradient: gatesGradient },
              { operand: reset, gradient: candidateGradient },
            ],
          };
          if (!needsPrevious) return result;
          const kept = tf.subtract(dh, throughNew);
          const through = tf.add(tf.multiply(toReset, r), gatesGradient.operand());
          return { ...result, previous: [tf.add(kept, through)] };
        },
      };
    },
  };
}
