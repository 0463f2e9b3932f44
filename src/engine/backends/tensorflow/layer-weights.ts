import { cellOf, groupSizes } from '../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { normalisedInput, normalisedProduct, symbolTable, stateNorm } from './normalised-weights.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { CellWeights, Multiplication } from './cells/cell.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { gatherFrom, multiplyBy, withBias, type LayerPart, type PartGradients } from './products.ts';

/** One layer's weights in the form the time loop uses. */
export interface LayerWeights extends CellWeights {
  /** As stored. Layer 0: a table [V, G*H] whose rows are gathered. Others: [G*H, H]. */
  readonly wx: Output;
  /** As stored, [G*H, H]. */
  readonly wh: Output;
  /** bx + bh. */
  readonly bias: Output;
  /** The input's share of the gates, biases included, [rows, G*H]. The input is symbols [rows] in layer 0, [rows, H] elsewhere. */
  readonly project: Multiplication;
  /**
   * Gradients of the layer's parameters from the sums that the layer added up, both by what follows `layers.N.`. The sums are `bias`, `wx` and, by
   * group of gates, `wh.0` and `wh.1`, of what was multiplied; a normalised layer adds its gains likewise, as far as its products give them.
   */
  readonly parameterGradients: PartGradients;
}

/** Reads layer `index`. */
export function readLayer(tf: Operations, spec: ModelSpec, index: number, part: LayerPart): LayerWeights {
  const [wx, wh] = [part('wx'), part('wh')];
  const bias = tf.add(part('bx'), part('bh'));
  const rows = groupSizes(cellOf(spec)).map((gates) => gates * spec.rnnSize);
  const groups = tf.split(wh, rows, 0);
  const stored = { wx, wh, bias };
  if (!spec.layerNorm) {
    return {
      ...stored,
      project: withBias(tf, index === 0 ? gatherFrom(tf, wx) : multiplyBy(tf, wx), bias),
      recurrent: groups.map((group) => multiplyBy(tf, group)),
      normaliseState: undefined,
      parameterGradients: (sums) => {
        const wh = rows.map((_, group) => sums(`wh.${group}`));
        return [['wx', sums('wx')], ['wh', tf.concat(wh, 0)], ...biasGradients(sums('bias'))];
      },
    };
  }
  const size = rows.reduce((total, each) => total + each, 0);
  const gain = { value: part('gx'), size };
  const input =
    index === 0 ? symbolTable(tf, wx, gain, bias, spec.vocabularySize) : normalisedInput(tf, wx, gain, bias);
  const gains = tf.split(part('gh'), rows, 0);
  const products = rows.map((size, group) =>
    normalisedProduct(tf, assertDefined(groups[group]), { value: assertDefined(gains[group]), size }),
  );
  const state = cellOf(spec).states.some(({ name }) => name === 'c')
    ? stateNorm(tf, part, spec.rnnSize)
    : undefined;
  return {
    ...stored,
    project: input.multiply,
    recurrent: products.map(({ multiply }) => multiply),
    normaliseState: state?.normalise,
    parameterGradients: (sums) => {
      const recurrent = products.map(({ gradients }, group) =>
        gradients(sums(`wh.${group}`), sums(`gh.${group}`)),
      );
      return [
        ...input.gradients(sums),
        [
          'wh',
          tf.concat(
            recurrent.map(({ weights }) => weights),
            0,
          ),
        ],
        [
          'gh',
          tf.concat(
            recurrent.map(({ gain }) => gain),
            1,
          ),
        ],
        ...biasGradients(sums('bias')),
        ...(state?.gradients(sums) ?? []),
      ];
    },
  };
}

/** The two bias vectors of a layer only ever act as their sum. */
function biasGradients(both: Output): (readonly [string, Output])[] {
  return [
    ['bx', both],
    ['bh', both],
  ];
}
