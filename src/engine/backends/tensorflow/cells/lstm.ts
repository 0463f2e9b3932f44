import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/** Gates i, f, o (sigmoid) and g (tanh): c' = f*c + i*g, h' = o*tanh(c'). */
export function lstmCell(tf: Operations, size: number): Cell {
  const quarters = [size, size, size, size];
  return {
    step([projected], [weights], [h, c]) {
      const before = assertDefined(c);
      const wh = assertDefined(weights);
      const sums = tf.add(assertDefined(projected), tf.matMul(h, wh, { transposeB: true }));
      const [inputSum, forgetSum, outputSum, candidateSum] = tf.split(sums, quarters, 1);
      // Four small gates are faster than one wide one that has to be cut up afterwards: the cut is the copy.
      const i = tf.sigmoid(assertDefined(inputSum));
      const f = tf.sigmoid(assertDefined(forgetSum));
      const o = tf.sigmoid(assertDefined(outputSum));
      const g = tf.tanh(assertDefined(candidateSum));
      const cell = tf.add(tf.multiply(f, before), tf.multiply(i, g));
      const squashed = tf.tanh(cell);
      return {
        state: [tf.multiply(o, squashed), cell],
        backward([dh, later], needsPrevious) {
          const direct = tf.tanhGradient(squashed, tf.multiply(dh, o));
          const dc = later === undefined ? direct : tf.add(direct, later);
          const gates = tf.concat(
            [
              tf.sigmoidGradient(i, tf.multiply(dc, g)),
              tf.sigmoidGradient(f, tf.multiply(dc, before)),
              tf.sigmoidGradient(o, tf.multiply(dh, squashed)),
              tf.tanhGradient(g, tf.multiply(dc, i)),
            ],
            1,
          );
          const result = { gates: [gates], operands: [h] };
          if (!needsPrevious) return result;
          return { ...result, previous: [tf.matMul(gates, wh), tf.multiply(dc, f)] };
        },
      };
    },
  };
}
