import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { assertDefined } from './assert-defined.ts';

/** Gates i, f, o (sigmoid) and g (tanh): c' = f*c + i*g, h' = o*tanh(c'), where a layer-normalised cell has LN(c') in the tanh. */
export function lstmCell(tf: Operations, size: number): Cell {
  const quarters = [size, size, size, size];
  return {
    step([projected], { recurrent: [multiply], normaliseState }, [h, c]) {
      const before = assertDefined(c);
      const product = assertDefined(multiply)(h);
      const sums = tf.add(assertDefined(projected), product.output);
      const [inputSum, forgetSum, outputSum, candidateSum] = tf.split(sums, quarters, 1);
      // Four small gates are faster than one wide product that has to be split afterwards: the split is a copy.
      const i = tf.sigmoid(assertDefined(inputSum));
      const f = tf.sigmoid(assertDefined(forgetSum));
      const o = tf.sigmoid(assertDefined(outputSum));
      const g = tf.tanh(assertDefined(candidateSum));
      const cell = tf.add(tf.multiply(f, before), tf.multiply(i, g));
      const normalised = normaliseState?.(cell);
      const squashed = tf.tanh(normalised?.output ?? cell);
      return {
        state: [tf.multiply(o, squashed), cell],
        backward([dh, later], needsPrevious) {
          const bias = tf.tanhGradient(squashed, tf.multiply(dh, o));
          const norm = normalised?.backward(bias);
          const direct = norm?.input ?? bias;
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
          const gradient = product.backward(gates);
          const result = {
            gates: [gates],
            products: [{ operand: h, gradient }],
            stateNorm: norm && { gain: norm.gain, bias },
          };
          if (!needsPrevious) return result;
          return { ...result, previous: [gradient.operand(), tf.multiply(dc, f)] };
        },
      };
    },
  };
}
