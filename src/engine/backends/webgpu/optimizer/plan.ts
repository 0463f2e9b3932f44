import type { BufferName } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import { dispatchOf, type Dispatch } from '../dispatch.ts';
import type { Kernel } from '../wgsl/kernel.ts';
import { muonFloats, muonNorms, muonProgram } from './muon.ts';
import { needsWholeGradient, updateKernel, wholeGradientKernel } from './update.ts';

/** Rough work of an update for each parameter. */
const workEach = 20;

/** Clip, weight decay, optimiser, average and norms: what comes after the gradient of a step, each depending on the one before. */
export function optimizerProgram(design: Design): readonly Dispatch[] {
  const overAll = (kernel: Kernel): Dispatch =>
    dispatchOf(kernel, [design.plan.updateGroups, 1, 1], workEach * design.layout.floats);
  return [
    ...(needsWholeGradient(design) ? [overAll(wholeGradientKernel(design))] : []),
    ...(isMuon(design) ? muonProgram(design) : []),
    overAll(updateKernel(design)),
  ];
}

function isMuon({ options }: Design): boolean {
  return options.optimizer.kind === 'muon';
}

/** Entries of `norms`, vec2f: sums of squares of the clipped gradients and of the new parameters. Their sum is that of the whole network. */
export function normEntries(design: Design): number {
  return design.plan.updateGroups + (isMuon(design) ? muonNorms(design) : 0);
}

/** Sizes in floats of the optimiser's own buffers. */
export function optimizerFloats(design: Design): Partial<Readonly<Record<BufferName, number>>> {
  const muon = isMuon(design) ? muonFloats(design) : undefined;
  return {
    norms: 2 * normEntries(design),
    ...(needsWholeGradient(design) ? { squares: design.plan.updateGroups } : {}),
    ...(muon === undefined
      ? {}
      : {
          muonX: muon.matrices,
          muonY: muon.matrices,
          muonGram: muon.matrices,
          muonPolynomial: muon.matrices,
          muonSquares: muon.squares,
        }),
  };
}
