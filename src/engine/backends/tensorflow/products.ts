import type { Multiplication } from './cells/cell.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';

/** Returns one of a layer's tensors by what follows `layers.N.` in its name. */
export type LayerPart = (part: string) => Output;

/** Gradients by part, from sums by part. */
export type PartGradients = (sums: LayerPart) => readonly (readonly [string, Output])[];

/** Products with weights [outputs, inputs]. */
export function multiplyBy(tf: Operations, weights: Output): Multiplication {
  return (operand) => ({
    output: tf.matMul(operand, weights, { transposeB: true }),
    backward: (product) => ({ product, gain: undefined, operand: () => tf.matMul(product, weights) }),
  });
}

/** Products with one-hot vectors: rows of a table [V, outputs]. */
export function gatherFrom(tf: Operations, table: Output): Multiplication {
  return (symbols) => ({
    output: tf.gatherRows(table, symbols),
    backward: (product) => ({ product, gain: undefined, operand: symbolsHaveNoGradient }),
  });
}

function symbolsHaveNoGradient(): never {
  throw new Error('symbols have no gradient');
}

/** The same, with a bias added to every row. */
export function withBias(tf: Operations, multiply: Multiplication, bias: Output): Multiplication {
  return (operand) => {
    const product = multiply(operand);
    return { ...product, output: tf.biasAdd(product.output, bias) };
  };
}

/** Sum over rows as a product with ones, [1, columns]: several times faster than TensorFlow's own column reduction. */
export function sumRows(tf: Operations, a: Output, rows: number): Output {
  return tf.matMul(tf.filled([1, rows], 1), a);
}
