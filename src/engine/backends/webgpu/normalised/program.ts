import type { Design } from '../design.ts';
import { dispatchOf, type Dispatch } from '../dispatch.ts';
import { backwardWaves, forwardWaves, type WaveStep } from '../waves.ts';
import type { NetworkShape } from '../shape.ts';
import type { Kernel } from '../wgsl/kernel.ts';
import type { ProductKernel } from '../wgsl/layer-products.ts';
import type { RecurrentKernel } from '../wgsl/recurrent-forward.ts';
import { columnGroups, columnSums } from '../wgsl/sums.ts';
import { centreGrid, centreKernel, symbolGrid, tableBackKernel, tableKernel } from './effective.ts';
import { gainFloats, placesOf } from './places.ts';
import { rowBackward, stepBackward } from './row-backward.ts';
import { rowForward, stepForward } from './row-forward.ts';
import { productBackward, productForward } from './step-product.ts';

/** First what is computed from the parameters once, then all layers over all time steps. */
export function normalisedForward(design: Design, project: ProductKernel | undefined): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const weights = (2 * spec.numLayers - 1) * shape.units * shape.columns;
  return [
    dispatchOf(centreKernel(design), centreGrid(design), 20 * weights),
    dispatchOf(tableKernel(design), symbolGrid(design), 20 * spec.vocabularySize * shape.columns),
    ...(plan.rowBlock.isWhole
      ? throughChunks(design, forwardWaves(chunksOf(design)), rowForward(design), project)
      : throughSteps(
          design,
          forwardWaves(stepsOf(design)),
          program.forward.map((_, index): StepPhase => [
            productForward(design, index),
            stepForward(design, index),
          ]),
          project,
        )),
  ];
}

/** All layers back through all time steps. */
export function normalisedBackward(design: Design, descend: ProductKernel | undefined): readonly Dispatch[] {
  const { plan, program } = design;
  if (plan.rowBlock.isWhole) {
    return throughChunks(design, backwardWaves(chunksOf(design)), rowBackward(design), descend);
  }
  const phases = program.backward.map((_, index): StepPhase => [
    productBackward(design, index),
    stepBackward(design, index),
  ]);
  return throughSteps(design, backwardWaves(stepsOf(design)), phases, descend);
}

/** Waves of time steps. */
function stepsOf({ shape, spec, plan }: Design): WaveDepth {
  return { layers: spec.numLayers, times: shape.sequenceLength, chunk: plan.chunk };
}

/** Waves of whole chunks. */
function chunksOf({ shape, spec, plan }: Design): WaveDepth {
  return { layers: spec.numLayers, times: Math.ceil(shape.sequenceLength / plan.chunk), chunk: 1 };
}

type WaveDepth = Parameters<typeof forwardWaves>[0];

/** Multiplications and additions of a layer's product for some rows. */
function workOf({ units, columns }: NetworkShape, rows: number): number {
  return 2 * rows * units * columns;
}

/** The product of some rows between two layers. */
function betweenLayers(
  { shape }: Design,
  between: ProductKernel | undefined,
  layer: number,
  { firstTime, times }: { readonly firstTime: number; readonly times: number },
): readonly Dispatch[] {
  if (between === undefined) return [];
  const rows = times * shape.batchSize;
  const wave = { layer, firstRow: firstTime * shape.batchSize, rows };
  return [dispatchOf(between.kernel, [...between.grid, 1], workOf(shape, rows), wave)];
}

function throughChunks(
  design: Design,
  waves: readonly WaveStep[],
  layers: Kernel,
  between: ProductKernel | undefined,
): readonly Dispatch[] {
  const { shape, plan } = design;
  const { chunk, rowBlock } = plan;
  return waves.flatMap((step): readonly Dispatch[] => {
    const { layer } = step;
    if (step.kind === 'rows') {
      const firstTime = step.firstTime * chunk;
      const times = Math.min(chunk, shape.sequenceLength - firstTime);
      return betweenLayers(design, between, layer, { firstTime, times });
    }
    const { time, lag } = step;
    const work = workOf(shape, step.layers * chunk * shape.batchSize);
    return [dispatchOf(layers, [rowBlock.blocks, 1, step.layers], work, { time, layer, lag })];
  });
}

/** The product of a phase, and what a cell does with its rows. */
type StepPhase = readonly [RecurrentKernel, Kernel];

function throughSteps(
  design: Design,
  waves: readonly WaveStep[],
  phases: readonly StepPhase[],
  between: ProductKernel | undefined,
): readonly Dispatch[] {
  const { shape, plan } = design;
  return waves.flatMap((step): readonly Dispatch[] => {
    if (step.kind === 'rows') return betweenLayers(design, between, step.layer, step);
    const { time, layer, lag, layers } = step;
    const wave = { time, layer, lag };
    const rows = layers * shape.batchSize;
    return phases.flatMap(([product, cell]) => [
      dispatchOf(product.kernel, [...product.grid, layers], workOf(shape, rows), wave),
      dispatchOf(cell, [plan.rowBlock.blocks, 1, layers], 50 * rows * shape.columns, wave),
    ]);
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
    // A layer's gains are consecutive, gx first.
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
