import type { Design } from './design.ts';
import { optimizerRuns } from './optimizer/plan.ts';
import { backwardWaves, forwardWaves, type WaveStep } from './waves.ts';
import { thinWeights } from './weight-drop.ts';
import { carryGroups, carryKernel, finishKernel } from './wgsl/closing.ts';
import type { Kernel, KernelRun, Wave } from './wgsl/kernel.ts';
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

/** Workgroups across, down and deep. */
export type Grid = readonly [number, number, number];

/** One run of a kernel. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly grid: Grid;
  readonly wave: Wave;
  /** The workgroup that it begins with: other than the first where a dispatch has been cut. */
  readonly base: Grid;
  /** Multiplications and additions, roughly: what decides how much goes to the card at a time. */
  readonly work: number;
}

/** What the kernels do that do not read it. */
const noWave: Wave = { time: 0, layer: 0, lag: 0, firstRow: 0, rows: 0 };

function dispatch(kernel: Kernel, grid: Grid, work: number, wave: Partial<Wave> = {}): Dispatch {
  return { kernel, grid, wave: { ...noWave, ...wave }, base: [0, 0, 0], work };
}

function dispatchRun({ kernel, grid, work }: KernelRun): Dispatch {
  return dispatch(kernel, grid, work);
}

/** The kernels that training and evaluation share, made once. */
interface ForwardKernels {
  readonly phases: readonly RecurrentKernel[];
  readonly project: ProductKernel | undefined;
}

/** The forward pass, the logits and their loss. */
export function forwardProgram(design: Design): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const { rows, units, symbols } = shape;
  const kernels: ForwardKernels = {
    phases: program.forward.map((_, index) => recurrentForward(design, index)),
    project: spec.numLayers > 1 ? projectKernel(design) : undefined,
  };
  const depth = { layers: spec.numLayers, times: shape.sequenceLength, chunk: plan.chunk };
  const decode = decodeKernel(design);
  return [
    ...(design.options.weightDrop > 0 ? [dispatchRun(thinWeights(design))] : []),
    ...forwardWaves(depth).flatMap((step) => forwardStep(design, kernels, step)),
    dispatch(decode.kernel, [...decode.grid, 1], 2 * rows * units * symbols),
    dispatch(lossKernel(shape), [lossGroups(shape), 1, 1], 10 * rows * symbols),
  ];
}

function forwardStep({ shape }: Design, kernels: ForwardKernels, step: WaveStep): readonly Dispatch[] {
  const { batchSize, units, columns, groups } = shape;
  switch (step.kind) {
    case 'rows':
      return rowsDispatch(kernels.project, shape, step);
    case 'step':
      return kernels.phases.map(({ kernel, grid }, index) =>
        dispatch(
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
  return [dispatch(made.kernel, [...made.grid, 1], 2 * rows * units * columns, wave)];
}

function backwardProgram(design: Design): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const { batchSize, rows, units, columns, symbols } = shape;
  const phases = program.backward.map((_, index) => recurrentBackward(design, index));
  const descend = spec.numLayers > 1 ? descendKernel(design) : undefined;
  const depth = { layers: spec.numLayers, times: shape.sequenceLength, chunk: plan.chunk };
  const undecode = undecodeKernel(design);
  const steps = backwardWaves(depth).flatMap((step): readonly Dispatch[] =>
    step.kind === 'rows'
      ? rowsDispatch(descend, shape, step)
      : phases.map(({ kernel, grid }) =>
          dispatch(kernel, [...grid, step.layers], 2 * step.layers * batchSize * units * columns, {
            time: step.time,
            layer: step.layer,
            lag: step.lag,
          }),
        ),
  );
  return [dispatch(undecode.kernel, [...undecode.grid, 1], 2 * rows * units * symbols), ...steps];
}

/** Gradients of all parameters, each summed over all rows. */
function gradientProgram(design: Design): readonly Dispatch[] {
  const { shape, spec, plan, program } = design;
  const { rows, units, columns, symbols, groups } = shape;
  const parts = plan.gradientParts;
  const weights = (made: ProductKernel, jobs: number, width: number): Dispatch =>
    dispatch(made.kernel, [...made.grid, jobs * parts], 2 * jobs * rows * units * width);
  return [
    ...sumsProgram(design),
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
    dispatch(symbolGradients(design), [across, ...symbolGroups(spec.vocabularySize)], rows * columns),
    dispatch(biases, [across, spec.numLayers, parts], spec.numLayers * rows * columns),
    dispatch(decoder, [columnGroups(symbols / 4), 1, parts], rows * symbols),
  ];
}

/** What changes the parameters, and the sums of squares of a step. */
export function updateProgram(design: Design): readonly Dispatch[] {
  return optimizerRuns(design).map(dispatchRun);
}

function closingProgram(design: Design): readonly Dispatch[] {
  const { shape } = design;
  const carried = shape.spec.numLayers * shape.batchSize * shape.units;
  return [
    dispatch(finishKernel(design), [1, 1, 1], shape.rows),
    dispatch(carryKernel(design), [carryGroups(design), 1, 1], carried),
  ];
}

/** All of a training step. */
export function trainingProgram(design: Design): readonly Dispatch[] {
  return [
    ...forwardProgram(design),
    ...backwardProgram(design),
    ...gradientProgram(design),
    ...updateProgram(design),
    ...closingProgram(design),
  ];
}

/** The loss of one chunk; the final states become the next initial ones. */
export function evaluationProgram(design: Design): readonly Dispatch[] {
  return [...forwardProgram(design), ...closingProgram(design)];
}
