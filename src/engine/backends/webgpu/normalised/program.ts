import type { Design } from '../design.ts';
import { dispatchOf, type Dispatch } from '../dispatch.ts';
import { backwardWaves, forwardWaves, type WaveStep } from '../waves.ts';
import type { ProductKernel } from '../wgsl/layer-products.ts';
import { columnGroups, columnSums } from '../wgsl/sums.ts';
import { centreGrid, centreKernel, symbolGrid, tableBackKernel, tableKernel } from './effective.ts';
import { gainFloats, placesOf } from './places.ts';
import { rowBackward } from './row-backward.ts';
import { rowBlockOf } from './row-block.ts';
import { rowForward } from './row-forward.ts';
import type { Kernel } from '../wgsl/kernel.ts';

/** What is made of the parameters once, then all layers through all time steps. */
export function normalisedForward(design: Design, project: ProductKernel | undefined): readonly Dispatch[] {
  const { shape, spec } = design;
  const { units, columns } = shape;
  const weights = (2 * spec.numLayers - 1) * units * columns;
  return [
    dispatchOf(centreKernel(design), centreGrid(design), 20 * weights),
    dispatchOf(tableKernel(design), symbolGrid(design), 20 * spec.vocabularySize * columns),
    ...chunks(design, forwardWaves(depthOf(design)), rowForward(design), project),
  ];
}

/** All layers back through all time steps. */
export function normalisedBackward(design: Design, descend: ProductKernel | undefined): readonly Dispatch[] {
  return chunks(design, backwardWaves(depthOf(design)), rowBackward(design), descend);
}

/** Waves of whole chunks instead of time steps. */
function depthOf({ shape, spec, plan }: Design): { layers: number; times: number; chunk: number } {
  return { layers: spec.numLayers, times: Math.ceil(shape.sequenceLength / plan.chunk), chunk: 1 };
}

function chunks(
  { shape, plan }: Design,
  waves: readonly WaveStep[],
  layers: Kernel,
  between: ProductKernel | undefined,
): readonly Dispatch[] {
  const { batchSize, units, columns, sequenceLength } = shape;
  const { blocks } = rowBlockOf(shape);
  const workOf = (rows: number): number => 2 * rows * units * columns;
  return waves.flatMap((step): readonly Dispatch[] => {
    if (step.kind === 'step') {
      const work = workOf(step.layers * plan.chunk * batchSize);
      const { time, layer, lag } = step;
      return [dispatchOf(layers, [blocks, 1, step.layers], work, { time, layer, lag })];
    }
    if (between === undefined) return [];
    const firstTime = step.firstTime * plan.chunk;
    const rows = Math.min(plan.chunk, sequenceLength - firstTime) * batchSize;
    const wave = { layer: step.layer, firstRow: firstTime * batchSize, rows };
    return [dispatchOf(between.kernel, [...between.grid, 1], workOf(rows), wave)];
  });
}

/** Gradients of gains and of the cell states' biases, and those of layer 0's input through its norm; after the sums over the symbols. */
export function normalisedGradients(design: Design): readonly Dispatch[] {
  const { shape, spec, layout } = design;
  const { batchSize, columns } = shape;
  const { effective, normed } = placesOf(shape);
  const common = { parts: 1, runVectors: layout.floats / 4 };
  const gainVectors = gainFloats(shape) / 4;
  const gains = columnSums({
    ...common,
    name: 'gain-gradients',
    source: 'normed',
    at: normed.gains,
    vectors: gainVectors,
    rows: batchSize,
    // A layer's gains lie one behind the other, gx first.
    targets: Array.from({ length: spec.numLayers }, (_, layer) => [layout.of(layer, 'gx').offset / 4]),
  });
  const symbolGain = columnSums({
    ...common,
    name: 'symbol-gain-gradient',
    source: 'effective',
    at: effective.table,
    vectors: columns / 4,
    rows: spec.vocabularySize,
    targets: [[layout.of(0, 'gx').offset / 4]],
  });
  const symbols = spec.vocabularySize * columns;
  return [
    dispatchOf(gains, [columnGroups(gainVectors), spec.numLayers, 1], spec.numLayers * batchSize * columns),
    dispatchOf(tableBackKernel(design), symbolGrid(design), 20 * symbols),
    dispatchOf(symbolGain, [columnGroups(columns / 4), 1, 1], symbols),
  ];
}
