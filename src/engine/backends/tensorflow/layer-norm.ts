import { normEpsilon } from '../../../shared/domain/cells.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';

export interface Normalised {
  /** LN(v) * gain, [rows, n]. */
  readonly output: Output;
  backward(gradient: Output): NormalisedGradient;
}

/** A gain of n elements. */
export interface GainVector {
  readonly value: Output;
  /** n. */
  readonly size: number;
}

/** A gain in the form that `normalise` multiplies with. */
export interface Gain {
  readonly size: number;
  /** gain * sqrt(n), [n]. */
  readonly scaled: Output;
  /** The same as a column, [n, 1]. */
  readonly column: Output;
}

export interface NormalisedGradient {
  /** Of the normalised rows, [rows, n]. */
  readonly input: Output;
  /** What sums over all rows to the gradient of the scaled gain, [rows, n]. */
  readonly gain: Output;
}

/** Scales a gain, once per step. */
export function readGain(tf: Operations, { value, size }: GainVector): Gain {
  const scaled = tf.multiply(value, tf.scalar(Math.sqrt(size)));
  return { size, scaled, column: tf.reshape(scaled, [size, 1]) };
}

/** The gradient of a gain from that of the scaled one. */
export function gainGradient(tf: Operations, scaled: Output, size: number): Output {
  return tf.multiply(scaled, tf.scalar(Math.sqrt(size)));
}

/**
 * Normalises centred rows, [rows, n], in few operations. For vectors v of n elements, LN(v) * gain is computed as
 *
 *   unit = centred / length,   output = unit * (gain * sqrt(n)),   centred = v - mean(v),   length = sqrt(|centred|^2 + n * epsilon)
 *
 * which is the same number. The mean over the rows of W·x is the product of x with the mean of W's rows: so weights are centred once per step, and no
 * product has a mean left to remove, neither forwards nor backwards. What remains of an LN is one reduction, a few numbers per row, and two passes
 * over the vectors.
 */
export function normalise(tf: Operations, centred: Output, { size, scaled, column }: Gain): Normalised {
  const squared = tf.square(tf.rowNorms(centred));
  const length = tf.squareRoot(tf.add(squared, tf.scalar(size * normEpsilon)));
  const unit = tf.divide(centred, length);
  return {
    output: tf.multiply(unit, scaled),
    backward(gradient) {
      const gain = tf.multiply(gradient, unit);
      const along = tf.matMul(gain, column);
      const across = tf.subtract(tf.multiply(gradient, scaled), tf.multiply(unit, along));
      return { input: tf.divide(across, length), gain };
    },
  };
}

/** Subtracts from every row of [rows, columns] its mean. The gradient passes back through the same operation. */
export function centreRows(tf: Operations, a: Output, columns: number): Output {
  return tf.subtract(a, tf.matMul(a, tf.filled([columns, 1], 1 / columns)));
}

/** Subtracts from every column of [rows, columns] its mean. The gradient passes back through the same operation. */
export function centreColumns(tf: Operations, a: Output, rows: number): Output {
  return tf.subtract(a, tf.matMul(tf.filled([1, rows], 1 / rows), a));
}
