import type { Multiplication } from './cells/cell.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import {
  centreColumns,
  centreRows,
  gainGradient,
  normalise,
  readGain,
  type GainVector,
  type Normalised,
} from './layer-norm.ts';
import { sumRows } from './products.ts';
import { gatherFrom, multiplyBy, withBias, type LayerPart, type PartGradients } from './products.ts';

/** A normalised product of one group of gates with its operand. */
export interface NormalisedProduct {
  readonly multiply: Multiplication;
  /** Gradients of the weights [size, H] and the gain [1, size] from those of the multiplied operand and of the scaled gain. */
  gradients(product: Output, gain: Output): { readonly weights: Output; readonly gain: Output };
}

/** LN(W·x) * gain. */
export function normalisedProduct(tf: Operations, weights: Output, gain: GainVector): NormalisedProduct {
  const bare = multiplyBy(tf, centreColumns(tf, weights, gain.size));
  const scaled = readGain(tf, gain);
  return {
    multiply: (operand) => {
      const product = bare(operand);
      const normal = normalise(tf, product.output, scaled);
      return {
        output: normal.output,
        backward: (gradient) => {
          const { input, gain: gainPart } = normal.backward(gradient);
          return { ...product.backward(input), gain: gainPart };
        },
      };
    },
    gradients: (product, gainSum) => ({
      weights: centreColumns(tf, product, gain.size),
      gain: gainGradient(tf, gainSum, gain.size),
    }),
  };
}

/** How a layer's input becomes its contribution to the gates, and the gradients of wx and gx. */
export interface NormalisedInput {
  readonly multiply: Multiplication;
  readonly gradients: PartGradients;
}

/** LN(Wx·x) * gx + bias for the layers above the first. */
export function normalisedInput(tf: Operations, wx: Output, gain: GainVector, bias: Output): NormalisedInput {
  const product = normalisedProduct(tf, wx, gain);
  return {
    multiply: withBias(tf, product.multiply, bias),
    gradients: (sums) => {
      const gradients = product.gradients(sums('wx'), sums('gx'));
      return [
        ['wx', gradients.weights],
        ['gx', gradients.gain],
      ];
    },
  };
}

/** The same for the first layer. It depends on the symbol alone, so all V rows are normalised once per step, and then gathered. */
export function symbolTable(
  tf: Operations,
  wx: Output,
  gain: GainVector,
  bias: Output,
  vocabularySize: number,
): NormalisedInput {
  const normal = normalise(tf, centreRows(tf, wx, gain.size), readGain(tf, gain));
  return {
    multiply: gatherFrom(tf, tf.biasAdd(normal.output, bias)),
    gradients: (sums) => {
      const { input, gain: gainParts } = normal.backward(sums('wx'));
      return [
        ['wx', centreRows(tf, input, gain.size)],
        ['gx', gainGradient(tf, sumRows(tf, gainParts, vocabularySize), gain.size)],
      ];
    },
  };
}

/** A cell state's normalisation, and the gradients of gc and bc. */
export interface StateNorm {
  normalise(state: Output): Normalised;
  readonly gradients: PartGradients;
}

/** LN(c) * gc + bc. */
export function stateNorm(tf: Operations, part: LayerPart, size: number): StateNorm {
  const gain = readGain(tf, { value: part('gc'), size });
  const bias = part('bc');
  return {
    normalise: (state) => {
      const normal = normalise(tf, centreRows(tf, state, size), gain);
      return {
        output: tf.biasAdd(normal.output, bias),
        backward: (gradient) => {
          const back = normal.backward(gradient);
          return { ...back, input: centreRows(tf, back.input, size) };
        },
      };
    },
    gradients: (sums) => [
      ['gc', gainGradient(tf, sums('gc'), size)],
      ['bc', sums('bc')],
    ],
  };
}
