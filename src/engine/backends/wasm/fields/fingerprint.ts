import { optimizerKinds } from '../../../../shared/domain/optimizers.ts';
import { cellVariants } from './cell-variants.ts';
import { kernelConstants } from './constants.ts';
import type { KernelExports } from '../kernels.ts';
import type { Field } from './field.ts';
import { layerFields } from './layer-fields.ts';
import { networkFields } from './network-fields.ts';

/**
 * A number (int32) that represents everything that host and kernels must agree on: fields with their order and types, the numbers of cells and
 * optimisers, shared constants. The kernels contain the number from their build, so that stale ones are detected before they touch memory.
 */
export function fieldsFingerprint(
  network: readonly Field[] = networkFields,
  layer: readonly Field[] = layerFields,
): number {
  const typed = (fields: readonly Field[]): readonly string[] =>
    fields.map((field) => `${field.name} ${field.kind === 'number' ? field.type : 'usize'}`);
  const agreed = [typed(network), typed(layer), cellVariants, optimizerKinds, kernelConstants];
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(agreed))) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash | 0;
}

/** Throws unless the kernels were built for these fields. */
export function requireFields(
  kernels: Pick<KernelExports, 'fieldsFingerprint'>,
  fingerprint = fieldsFingerprint(),
): void {
  if (kernels.fieldsFingerprint() === fingerprint) return;
  throw new Error(
    'the kernels were built for other fields of a network; build them again (npm run build:kernels)',
  );
}
