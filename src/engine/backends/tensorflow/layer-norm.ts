import { normEpsilon } from '../../../shared/domain/cells.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';

/**
 * Layer normalisation in few operations. Of vectors v of n elements, LN(v) * gain is written as
 *
 *   unit = centred / sqrt(|centred|^2 + n * epsilon),   output = unit * (gain * sqrt(n)),   centred = v - mean(v)
 *
 * which is the same number. A mean over the rows of W·x is the product of x with the mean of W's rows: so weights are centred once a step, and no
 * product has a mean left to take out.
 */
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
}

export interface Normalised {
  /** LN(v) * gain, [rows, n]. */
  readonly output: Output;
  backward(gradient: Output): NormalisedGradient;
}

export interface NormalisedGradient {
  /** Of what was normalised, [rows, n]. */
  readonly input: Output;
  /** What sums over all rows to the gradient of the scaled gain, [rows, n]. */
  readonly gain: Output;
}

/** Scales a gain, once a step. */
export function readGain(tf: Operations, { value, size }: GainVector): Gain {
  return { size, scaled: tf.multiply(value, tf.scalar(Math.sqrt(size))) };
}

/** The gradient of a gain from that of the scaled one. */
export function gainGradient(tf: Operations, scaled: Output, size: number): Output {
  return tf.multiply(scaled, tf.scalar(Math.sqrt(size)));
}

/** Normalises rows that have been centred, [rows, n]. */
export function normalise(tf: Operations, centred: Output, { size, scaled }: Gain): Normalised {
  const squared = tf.square(tf.rowNorms(centred));
  const factor = tf.reciprocalRoot(tf.add(squared, tf.scalar(size * normEpsilon)));
  const unit = tf.multiply(centred, factor);
  return {
    output: tf.multiply(unit, scaled),
    backward(gradient) {
      const gain = tf.multiply(gradient, unit);
      const along = tf.matMul(gain, tf.reshape(scaled, [size, 1]));
      const across = tf.subtract(tf.multiply(gradient, scaled), tf.multiply(unit, along));
      return { input: tf.multiply(across, factor), gain };
    },
  };
}

/** Takes its mean out of every row. The gradient goes back through it by the same operation. */
export function centreRows(tf: Operations, a: Output): Output {
  return tf.subtract(a, tf.rowMeans(a));
}

/** Takes its mean out of every column of [rows, columns]. The gradient goes back through it by the same operation. */
export function centreColumns(tf: Operations, a: Output, rows: number): Output {
  return tf.subtract(a, tf.matMul(tf.filled([1, rows], 1 / rows), a));
}
