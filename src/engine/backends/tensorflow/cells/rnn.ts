import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/** h' = tanh(Wx·x + bx + Wh·h + bh). */
export function rnnCell(tf: Operations): Cell {
  return {
    step([projected], { recurrent: [multiply] }, [h]) {
      const product = assertDefined(multiply)(h);
      const next = tf.tanh(tf.add(assertDefined(projected), product.output));
      return {
        state: [next],
        backward([dh], needsPrevious) {
          const sums = tf.tanhGradient(next, dh);
          const gradient = product.backward(sums);
          const result = { gates: [sums], products: [{ operand: h, gradient }] };
          return needsPrevious ? { ...result, previous: [gradient.operand()] } : result;
        },
      };
    },
  };
}
