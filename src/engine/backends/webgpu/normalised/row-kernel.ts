import type { Design } from '../design.ts';
import { gateFunctions } from '../wgsl/functions.ts';
import { kernel, type Binding, type Kernel } from '../wgsl/kernel.ts';
import { maskFunctions } from '../wgsl/masks.ts';
import { partVectors, rowSumFunction } from './row-block.ts';
import { vectorTables } from './row-places.ts';
import { leftTileVectors } from './row-product.ts';

/** A kernel whose workgroups process whole rows of the batch, so that they can sum over them. */
export function rowKernel(design: Design, name: string, bindings: readonly Binding[], body: string): Kernel {
  const block = design.plan.rowBlock;
  return kernel({
    name,
    bindings,
    threads: block.threads,
    memory: [
      ...(block.isWhole ? [{ name: 'leftTile', element: 'vec4f', length: leftTileVectors } as const] : []),
      { name: 'parts', element: 'vec4f', length: partVectors(block) },
    ],
    declarations: [gateFunctions, maskFunctions, rowSumFunction(block), vectorTables(design)].join('\n'),
    body,
  });
}
