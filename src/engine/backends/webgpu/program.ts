import type { Design } from './design.ts';
import { cutDispatches, dispatchOf, type Dispatch } from './dispatch.ts';
import { normalisedBackward, normalisedForward, normalisedGradients } from './normalised/program.ts';
import { optimizerProgram } from './optimizer/plan.ts';
import { clearStarts } from './records.ts';
import { backwardWaves, forwardWaves, type WaveStep } from './waves.ts';
import { thinWeights } from './weight-drop.ts';
import { carryGroups, carryKernel, finishKernel } from './wgsl/closing.ts';
import {
  decodeKernel,
  decoderGradientKernel,
  descendKernel,
  inputGradientKernel,
  projectKernel,
  recurrentGradientKernel,
  undecodeKernel,
  type ProductKernel,
} from './wgsl/layer-products.ts';
import { lossGroups, lossKernel } from './wgsl/loss.ts';
import { recurrentBackward } from './wgsl/recurrent-backward.ts';
import { recurrentForward, type RecurrentKernel } from './wgsl/recurrent-forward.ts';
import { columnGroups, columnSums, symbolGradients, symbolGroups } from './wgsl/sums.ts';

/** The kernels that training and evaluation share, made once. */
interface ForwardKernels {
  readonly phases: readonly RecurrentKernel[];
  readonly project: ProductKernel | undefined;
}

/** The forward pass, the logits and their loss. */
function forwardProgram(design: Design): readonly Dispatch[] {
  const { shape, spec } = design;
  const { rows, units, symbols } = shape;
  const project = spec.numLayers > 1 ? projectKernel(design) : undefined;
  const decode = decodeKernel(design);
  return [
    ...clearStarts(shape),
    ...(spec.layerNorm ? normalisedForward(design, project) : plainForward(design, project)),
    dispatchOf(decode.kernel, [...decode.grid, 1], 2 * rows * units * symbols),
    dispatchOf(lossKernel(shape), [lossGroups(shape), 1, 1], 10 * rows * symbols),
  ];
}

function plainForward(design: Design, project: ProductKernel | undefined): readonly Dispatch[] {
  const { shape, spec, plan, program, options } = design;
  const kernels: ForwardKernels = {
    phases: program.forward.map((_, index) => recurrentForward(design, index)),
    project,
  };
  const depth = { layers: spec.numLayers, times: shape.sequenceLength, chunk: plan.chunk };
  return [
    ...(options.weightDrop > 0 ? [thinWeights(design)] : []),
    ...forwardWaves(depth).flatMap((step) => forwardStep(design, kernels, step)),
  ];
}

function forwardStep({ shape }: Design, kernels: ForwardKernels, step: WaveStep): readonly Dispatch[] {
  const { batchSize, units, columns, groups } = shape;
  switch (step.kind) {
    case 'rows':
      return rowsDispatch(kernels.project, shape, step);
    case 'step':
      return kernels.phases.map(({ kernel, grid }, index) =>
        dispatchOf(
          kernel,
          [...grid, step.layers],
          2 * step.layers * batchSize * units * (groups[index]?.columns ?? columns),
          { time: step.time, layer: step.layer, lag: step.lag },
        ),
      );
  }
}

/** The product of a chunk's rows between two layers. */
function rowsDispatch(
  made: ProductKernel | undefined,
  { batchSize, units, columns }: Design['shape'],
  step: Extract<WaveStep, { kind: 'rows' }>,
): readonly Dispatch[] {
  if (made === undefined) return [];
  const rows = step.times * batchSize;
  const wave = { layer: step.layer, firstRow: step.firstTime * batchSize, rows };
  return [dispatchOf(made.kernel, [...made.grid, 1], 2 * rows * units * columns, wave)];
}

function backwardProgram(design: Design): readonly Dispatch[] {
  const { shape, spec } = design;
  const { rows, units, symbols } = shape;
  const undecode = undecodeKernel(design);
  const descend = spec.numLayers > 1 ? descendKernel(design) : undefined;
  return [
    dispatchOf(undecode.kernel, [...undecode.grid, 1], 2 * rows * units * symbols),
    ...(spec.layerNorm ? normalisedBackward(design, descend) : plainBackward(design, descend)),
  ];
}

function plainBackward(design: Design, descend: ProductKernel | undefined): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const { batchSize, units, columns } = shape;
  const phases = program.backward.map((_, index) => recurrentBackward(design, index));
  const depth = { layers: spec.numLayers, times: shape.sequenceLength, chunk: plan.chunk };
  return backwardWaves(depth).flatMap((step): readonly Dispatch[] =>
    step.kind === 'rows'
      ? rowsDispatch(descend, shape, step)
      : phases.map(({ kernel, grid }) =>
          dispatchOf(kernel, [...grid, step.layers], 2 * step.layers * batchSize * units * columns, {
            time: step.time,
            layer: step.layer,
            lag: step.lag,
          }),
        ),
  );
}

/** Gradients of all parameters, each summed over all rows. */
function gradientProgram(design: Design): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const { rows, units, columns, symbols, groups } = shape;
  const parts = plan.gradientParts;
  const weights = (made: ProductKernel, jobs: number, width: number): Dispatch =>
    dispatchOf(made.kernel, [...made.grid, jobs * parts], 2 * jobs * rows * units * width);
  return [
    ...sumsProgram(design),
    ...(spec.layerNorm ? normalisedGradients(design) : []),
    ...program.operands.map((_, group) =>
      weights(recurrentGradientKernel(design, group), spec.numLayers, groups[group]?.columns ?? columns),
    ),
    ...(spec.numLayers > 1 ? [weights(inputGradientKernel(design), spec.numLayers - 1, columns)] : []),
    weights(decoderGradientKernel(design), 1, symbols),
  ];
}

function sumsProgram(design: Design): readonly Dispatch[] {
  const { shape, spec, plan, layout } = design;
  const { rows, columns, symbols } = shape;
  const parts = plan.gradientParts;
  const common = { rows, parts, runVectors: layout.floats / 4 };
  const place = (layer: number | undefined, name: string): number => layout.of(layer, name).offset / 4;
  const biases = columnSums({
    ...common,
    name: 'bias-gradients',
    source: 'gates',
    vectors: columns / 4,
    targets: Array.from({ length: spec.numLayers }, (_, layer) => [place(layer, 'bx'), place(layer, 'bh')]),
  });
  const decoder = columnSums({
    ...common,
    name: 'decoder-bias-gradient',
    source: 'logits',
    vectors: symbols / 4,
    targets: [[place(undefined, 'b')]],
  });
  const across = columnGroups(columns / 4);
  return [
    dispatchOf(symbolGradients(design), [across, ...symbolGroups(spec.vocabularySize)], rows * columns),
    dispatchOf(biases, [across, spec.numLayers, parts], spec.numLayers * rows * columns),
    dispatchOf(decoder, [columnGroups(symbols / 4), 1, parts], rows * symbols),
  ];
}

function closingProgram(design: Design): readonly Dispatch[] {
  const { shape } = design;
  const carried = shape.spec.numLayers * shape.batchSize * shape.units;
  return [
    dispatchOf(finishKernel(design), [1, 1, 1], shape.rows),
    dispatchOf(carryKernel(design), [carryGroups(design), 1, 1], carried),
  ];
}

/** A whole training step. */
export function trainingProgram(design: Design): readonly Dispatch[] {
  const whole = [
    ...forwardProgram(design),
    ...backwardProgram(design),
    ...gradientProgram(design),
    ...optimizerProgram(design),
    ...closingProgram(design),
  ];
  return cutDispatches(whole, design.plan.dispatchWork);
}

/** The loss of one chunk; the final states become the next initial ones. */
export function evaluationProgram(design: Design): readonly Dispatch[] {
  return cutDispatches([...forwardProgram(design), ...closingProgram(design)], design.plan.dispatchWork);
}
