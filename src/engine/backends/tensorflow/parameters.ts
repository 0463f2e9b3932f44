import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { parameterShapes } from '../../../shared/domain/model-tensors.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { readLayer, type LayerWeights } from './layer-weights.ts';
import type { Variable, Variables } from './graph/variables.ts';

/** The only parameter that is stored transposed, [V, G*H]: the first layer reads rows of it by symbol, without a product. */
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

/** Returns a parameter, by its canonical name, as a run uses it. */
export type ParameterValues = (name: string) => Output;

export interface ModelWeights {
  readonly layers: readonly LayerWeights[];
  readonly decoder: { readonly w: Output; readonly b: Output };
}

/** Reads the parameters once for a whole run. */
export function readWeights(tf: Operations, spec: ModelSpec, value: ParameterValues): ModelWeights {
  const layers = Array.from({ length: spec.numLayers }, (_, index) =>
    readLayer(tf, spec, index, (part) => value(`layers.${index}.${part}`)),
  );
  return { layers, decoder: { w: value('decoder.w'), b: value('decoder.b') } };
}
