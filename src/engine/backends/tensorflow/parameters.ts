import { cellOf, groupSizes } from '../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { parameterShapes } from '../../../shared/domain/model-tensors.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable, Variables } from './graph/variables.ts';

/** The one parameter kept the other way round, [V, G*H]: the first layer reads rows of it by symbol, without a product. */
export const transposedParameter = 'layers.0.wx';

/** A parameter's name and shape as the graph keeps it. */
export function internalShape(name: string, shape: readonly number[]): readonly number[] {
  return name.endsWith(transposedParameter) ? [...shape].reverse() : shape;
}

export type ParameterVariables = ReadonlyMap<string, Variable>;

/** Declares one variable for each parameter, its name prefixed (`gradient.` for instance). */
export function declareParameters(variables: Variables, spec: ModelSpec, prefix = ''): ParameterVariables {
  return new Map(
    parameterShapes(spec).map(({ name, shape }) => [
      name,
      variables.declare({ name: prefix + name, shape: internalShape(name, shape) }),
    ]),
  );
}

/** One layer's weights in the form the time loop uses. */
export interface LayerWeights {
  /** Layer 0: a table [V, G*H] whose rows are gathered. Others: [G*H, H]. */
  readonly wx: Output;
  /** By group of gates, each [gates*H, H]. */
  readonly recurrent: readonly Output[];
  /** Wh as it is, [G*H, H]. */
  readonly wh: Output;
  /** bx + bh. */
  readonly bias: Output;
}

export interface ModelWeights {
  readonly layers: readonly LayerWeights[];
  readonly decoder: { readonly w: Output; readonly b: Output };
}

/** Reads the parameters once for a whole run. */
export function readWeights(tf: Operations, spec: ModelSpec, parameters: ParameterVariables): ModelWeights {
  const value = (name: string): Output => assertDefined(parameters.get(name)).value;
  const groupRows = groupSizes(cellOf(spec)).map((gates) => gates * spec.rnnSize);
  const layers = Array.from({ length: spec.numLayers }, (_, layer) => ({
    wx: value(`layers.${layer}.wx`),
    wh: value(`layers.${layer}.wh`),
    recurrent: tf.split(value(`layers.${layer}.wh`), groupRows, 0),
    bias: tf.add(value(`layers.${layer}.bx`), value(`layers.${layer}.bh`)),
  }));
  return { layers, decoder: { w: value('decoder.w'), b: value('decoder.b') } };
}
