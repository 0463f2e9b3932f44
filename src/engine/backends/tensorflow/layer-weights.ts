import { cellOf, groupSizes } from '../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { CellWeights, Multiplication } from './cells/cell.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import {
  normalisedInput,
  normalisedProduct,
  stateNorm,
  symbolTable,
  type NormalisedProduct,
} from './normalised-weights.ts';
import { gatherFrom, multiplyBy, withBias, type LayerPart, type PartGradients } from './products.ts';

/** One layer's weights in the form the time loop uses. */
export interface LayerWeights extends CellWeights {
  /** As stored. Layer 0: a table [V, G*H] whose rows are gathered. Others: [G*H, H]. */
  readonly wx: Output;
  /** As stored, [G*H, H]. */
  readonly wh: Output;
  /** bx + bh. */
  readonly bias: Output;
  /** The input's contribution to the gates, biases included, [rows, G*H]. The input is symbols [rows] in layer 0, [rows, H] elsewhere. */
  readonly project: Multiplication;
  /**
   * Gradients of the layer's parameters from the sums over the layer, both named by what follows `layers.N.`. The sums are `bias`, `wx` and, by group
   * of gates, `wh.0` and `wh.1`, of the multiplied operands; a normalised layer also adds its gains, as far as its products give them.
   */
  readonly parameterGradients: PartGradients;
}

/** Reads layer `index`. */
export function readLayer(tf: Operations, spec: ModelSpec, index: number, part: LayerPart): LayerWeights {
  const bias = tf.add(part('bx'), part('bh'));
  const stored = { wx: part('wx'), wh: part('wh'), bias };
  const rows = groupSizes(cellOf(spec)).map((gates) => gates * spec.rnnSize);
  return spec.layerNorm
    ? normalisedLayer(tf, spec, { index, rows, stored, part })
    : plainLayer(tf, { index, rows, stored });
}

type StoredWeights = Pick<LayerWeights, 'wx' | 'wh' | 'bias'>;

/** A layer about to be read. */
interface LayerSource {
  readonly index: number;
  /** Rows of wh by group of gates. */
  readonly rows: readonly number[];
  readonly stored: StoredWeights;
}

function plainLayer(tf: Operations, { index, rows, stored }: LayerSource): LayerWeights {
  const { wx, wh, bias } = stored;
  return {
    ...stored,
    project: withBias(tf, index === 0 ? gatherFrom(tf, wx) : multiplyBy(tf, wx), bias),
    recurrent: tf.split(wh, rows, 0).map((group) => multiplyBy(tf, group)),
    normaliseState: undefined,
    parameterGradients: (sums) => {
      const groups = rows.map((_, group) => sums(`wh.${group}`));
      return [['wx', sums('wx')], ['wh', tf.concat(groups, 0)], ...biasGradients(sums('bias'))];
    },
  };
}

function normalisedLayer(
  tf: Operations,
  spec: ModelSpec,
  { index, rows, stored, part }: LayerSource & { readonly part: LayerPart },
): LayerWeights {
  const { wx, wh, bias } = stored;
  const gain = { value: part('gx'), size: rows.reduce((total, each) => total + each, 0) };
  const input =
    index === 0 ? symbolTable(tf, wx, gain, bias, spec.vocabularySize) : normalisedInput(tf, wx, gain, bias);
  const gains = tf.split(part('gh'), rows, 0);
  const products = tf.split(wh, rows, 0).map((group, at) => {
    const [value, size] = [assertDefined(gains[at]), assertDefined(rows[at])];
    return normalisedProduct(tf, group, { value, size });
  });
  const hasCellState = cellOf(spec).states.some(({ name }) => name === 'c');
  const state = hasCellState ? stateNorm(tf, part, spec.rnnSize) : undefined;
  return {
    ...stored,
    project: input.multiply,
    recurrent: products.map(({ multiply }) => multiply),
    normaliseState: state?.normalise,
    parameterGradients: (sums) => [
      ...input.gradients(sums),
      ...recurrentGradients(tf, products, sums),
      ...biasGradients(sums('bias')),
      ...(state?.gradients(sums) ?? []),
    ],
  };
}

/** Gradients of wh and gh. */
function recurrentGradients(
  tf: Operations,
  products: readonly NormalisedProduct[],
  sums: LayerPart,
): ReturnType<PartGradients> {
  const groups = products.map(({ gradients }, group) => gradients(sums(`wh.${group}`), sums(`gh.${group}`)));
  const weights = groups.map((group) => group.weights);
  const gains = groups.map((group) => group.gain);
  return [
    ['wh', tf.concat(weights, 0)],
    ['gh', tf.concat(gains, 1)],
  ];
}

/** The two bias vectors of a layer only ever act as their sum. */
function biasGradients(both: Output): ReturnType<PartGradients> {
  return [
    ['bx', both],
    ['bh', both],
  ];
}
