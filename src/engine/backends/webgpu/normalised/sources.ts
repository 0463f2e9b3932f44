import type { BufferName } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import { placesOf } from './places.ts';

/** The start of a layer's data: a buffer, and WGSL of the place in vectors. */
export interface Source {
  readonly buffer: BufferName;
  readonly at: string;
}

/** The input matrix of a layer from the second on: that of the parameters (with `wxAt`), or centred where layers normalise. `layer` is WGSL. */
export function inputMatrices({ shape, spec }: Design, layer: string): Source {
  if (!spec.layerNorm) return { buffer: 'parameters', at: `wxAt[${layer}]` };
  const { effective } = placesOf(shape);
  const matrix = (shape.units * shape.columns) / 4;
  return { buffer: 'effective', at: `${effective.input}u + (${layer} - 1u) * ${matrix}u` };
}

/**
 * The gradients of a layer's products, [N][G * H]: those of the gates, or with layer normalisation those of the normalised values, which differ
 * between the input's product (layers 1 and up) and the recurrent one.
 */
export function productGradients({ shape, spec }: Design, of: 'input' | 'recurrent', layer: string): Source {
  const step = (shape.rows * shape.columns) / 4;
  if (!spec.layerNorm) return { buffer: 'gates', at: `${layer} * ${step}u` };
  const { normed } = placesOf(shape);
  return of === 'input'
    ? { buffer: 'normed', at: `${normed.input}u + (${layer} - 1u) * ${step}u` }
    : { buffer: 'normed', at: `${normed.recurrent}u + ${layer} * ${step}u` };
}
