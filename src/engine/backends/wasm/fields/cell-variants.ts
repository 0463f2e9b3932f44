import { cellKinds, type CellKind } from '../../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../../shared/domain/model-spec.ts';

/** A cell with its own functions in the kernels. */
export interface CellVariant {
  readonly kind: CellKind;
  readonly layerNorm: boolean;
}

/** In the order of their numbers. */
export const cellVariants: readonly CellVariant[] = [false, true].flatMap((layerNorm) =>
  cellKinds.map((kind) => ({ kind, layerNorm })),
);

/** The kernels' number for a model's cell. */
export function cellNumber({ model, layerNorm }: Pick<ModelSpec, 'model' | 'layerNorm'>): number {
  return cellVariants.findIndex((variant) => variant.kind === model && variant.layerNorm === layerNorm);
}
