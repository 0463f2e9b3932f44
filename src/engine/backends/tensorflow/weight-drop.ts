import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { gateCount } from '../../../shared/domain/model-tensors.ts';
import type { NetworkOptions } from '../backend.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { names } from './names.ts';
import type { ParameterValues } from './parameters.ts';

/** Recurrent weights that are dropped for one step: the mask that multiplies them also multiplies their gradient. */
export interface WeightDrop {
  /** A parameter as the step uses it. */
  readonly value: ParameterValues;
  /** The gradient of a parameter, from that of the value that the step used. */
  gradient(name: string, used: Output): Output;
}

/** Declares the masks that a run feeds, one for each layer's wh, [G*H, H] of 0 or 1 / (1 - weightDrop). */
export function writeWeightDrop(
  tf: Operations,
  spec: ModelSpec,
  { weightDrop }: NetworkOptions,
  trained: ParameterValues,
): WeightDrop {
  if (weightDrop === 0) return { value: trained, gradient: (_, used) => used };
  const shape = recurrentShape(spec);
  const masks = new Map(
    Array.from({ length: spec.numLayers }, (_, layer) => [
      `layers.${layer}.wh`,
      tf.placeholder(names.train.weightMask(layer), 'float32', shape),
    ]),
  );
  const masked = (name: string, a: Output): Output => {
    const mask = masks.get(name);
    return mask === undefined ? a : tf.multiply(a, mask);
  };
  const used = new Map([...masks.keys()].map((name) => [name, masked(name, trained(name))]));
  return { value: (name) => used.get(name) ?? trained(name), gradient: masked };
}

/** Shape of a layer's recurrent weights. */
export function recurrentShape(spec: ModelSpec): readonly [number, number] {
  return [gateCount(spec) * spec.rnnSize, spec.rnnSize];
}
