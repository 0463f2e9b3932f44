import { assertNever } from '../../../shared/errors.ts';
import type { GradientClip } from '../backend.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';

/** Clipped gradients. */
export interface ClippedGradients {
  /** By parameter. */
  readonly clipped: ReadonlyMap<string, Output>;
  /** Half the squared norm of all of them. */
  readonly halfNorm: Output;
}

/** Clips gradients: each element, or the norm of the whole. */
export function clipGradients(
  tf: Operations,
  { by, bound }: GradientClip,
  gradients: ReadonlyMap<string, Output>,
): ClippedGradients {
  switch (by) {
    case 'element': {
      const clipped = mapValues(gradients, (gradient) => tf.clamp(gradient, bound));
      return { clipped, halfNorm: halfSquaredNorm(tf, clipped) };
    }
    case 'norm': {
      const before = halfSquaredNorm(tf, gradients);
      const norm = tf.squareRoot(tf.multiply(before, tf.scalar(2)));
      const scale = tf.minimum(tf.divide(tf.scalar(bound), norm), tf.scalar(1));
      const clipped = mapValues(gradients, (gradient) => tf.multiply(gradient, scale));
      return { clipped, halfNorm: tf.multiply(before, tf.square(scale)) };
    }
    default:
      return assertNever(by);
  }
}

function halfSquaredNorm(tf: Operations, gradients: ReadonlyMap<string, Output>): Output {
  return tf.sum([...gradients.values()].map((gradient) => tf.halfSquaredNorm(gradient)));
}

function mapValues(
  values: ReadonlyMap<string, Output>,
  change: (value: Output) => Output,
): ReadonlyMap<string, Output> {
  return new Map([...values].map(([name, value]) => [name, change(value)]));
}
