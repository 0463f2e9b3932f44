import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/** h' = tanh(Wx·x + bx + Wh·h + bh). */
export function rnnCell(tf: Operations): Cell {
  return {
    step([projected], [weights], [h]) {
      const wh = assertDefined(weights);
      const next = tf.tanh(tf.add(assertDefined(projected), tf.matMul(h, wh, { transposeB: true })));
      return {
        state: [next],
        backward([dh], needsPrevious) {
          const sums = tf.tanhGradient(next, dh);
          const result = { gates: [sums], operands: [h] };
          return needsPrevious ? { ...result, previous: [tf.matMul(sums, wh)] } : result;
        },
      };
    },
  };
}
