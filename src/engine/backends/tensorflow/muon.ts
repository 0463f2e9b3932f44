import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { transposedParameter } from './parameters.ts';

/**
 * Muon (Keller Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024): the momentum of each gate of a hidden matrix is made
 * nearly orthogonal by five iterations after Newton and Schulz, X <- a X + (b A + c A^2) X with A = X X^T.
 */
const [a, b, c] = [3.4445, -4.775, 2.0315] as const;
const iterations = 5;
/** Added to a norm, so that a matrix of zeros stays zero. */
const tiny = 1e-7;

/** Share of the old momentum that a step keeps. */
export const muonMomentum = 0.95;

/** Whether a parameter maps hidden states: every recurrent matrix, and the input matrices from the second layer on. */
export function isHiddenMatrix(name: string): boolean {
  return name.endsWith('.wh') || (name.endsWith('.wx') && name !== transposedParameter);
}

/** Brings the singular values of each gate of [gates*H, H] close to 1. */
export function orthogonalise(tf: Operations, matrix: Output, gates: number, size: number): Output {
  const flat = tf.reshape(matrix, [gates, size * size]);
  const unit = tf.divide(flat, tf.add(tf.rowNorms(flat), tf.scalar(tiny)));
  let x = tf.reshape(unit, [gates, size, size]);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gram = tf.batchMatMul(x, x, { transposeB: true });
    const squared = tf.batchMatMul(gram, gram);
    const polynomial = tf.add(tf.multiply(gram, tf.scalar(b)), tf.multiply(squared, tf.scalar(c)));
    x = tf.add(tf.multiply(x, tf.scalar(a)), tf.batchMatMul(polynomial, x));
  }
  return tf.reshape(x, [gates * size, size]);
}
