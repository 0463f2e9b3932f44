import { gateCount } from '../../shared/domain/model-tensors.ts';
import { isResidual, type ModelSpec } from '../../shared/domain/model-spec.ts';
import type { ExchangeModel } from './format.ts';

/** The weights of one recurrent layer by their canonical names without `layers.N.`. */
export type LayerWeights = (name: string) => Float32Array;

/** A model's weights, and the sizes that a format needs to lay them out. */
export interface ModelWeights {
  readonly spec: ModelSpec;
  /** H. */
  readonly size: number;
  /** V. */
  readonly symbols: number;
  /** G. */
  readonly gates: number;
  readonly residual: boolean;
  readonly layers: readonly LayerWeights[];
  /** [V, H] */
  readonly decoder: Float32Array;
  /** [V] */
  readonly decoderBias: Float32Array;
}

/** Finds a model's weights. Throws if one is missing, which cannot happen for a checkpoint that was read. */
export function weightsOf({ metadata: { spec }, parameters }: ExchangeModel): ModelWeights {
  const find = (name: string): Float32Array => {
    const tensor = parameters.get(name);
    if (tensor === undefined) throw new Error(`the model has no ${name}`);
    return tensor.data;
  };
  return {
    spec,
    size: spec.rnnSize,
    symbols: spec.vocabularySize,
    gates: gateCount(spec),
    residual: isResidual(spec),
    layers: Array.from(
      { length: spec.numLayers },
      (_, layer): LayerWeights =>
        (name) =>
          find(`layers.${layer}.${name}`),
    ),
    decoder: find('decoder.w'),
    decoderBias: find('decoder.b'),
  };
}
