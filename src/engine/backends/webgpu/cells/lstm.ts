import { carriedFloats, stateFloats } from '../shape.ts';
import { reads, writes } from '../wgsl/kernel.ts';
import type { CellProgram } from './cell.ts';

/** c' = f*c + i*g, h' = o*tanh(c'). */
export const lstmProgram: CellProgram = {
  buffers: (shape) => ({ cell: stateFloats(shape), carriedGradient: carriedFloats(shape) }),
  operands: ['hidden'],
  forward: [
    {
      group: 0,
      reads: [],
      bindings: [writes('cell')],
      code: `
iGate = sigmoid(iGate);
fGate = sigmoid(fGate);
oGate = sigmoid(oGate);
gGate = squash(gGate);
let kept = fma(fGate, cell[before], iGate * gGate);
cell[after] = kept;
made = oGate * squash(kept);`,
    },
  ],
  backward: [
    {
      group: 0,
      from: 'later',
      reads: [0],
      writes: [0],
      bindings: [reads('cell'), writes('carriedGradient')],
      code: `
let squashed = squash(cell[after]);
let later = select(carriedGradient[carried], vec4f(), isLast);
let kept = fma(through * oGate, 1f - squashed * squashed, later);
carriedGradient[carried] = kept * fGate;
let i = iGate;
iGate = kept * gGate * i * (1f - i);
fGate = kept * cell[before] * fGate * (1f - fGate);
oGate = through * squashed * oGate * (1f - oGate);
gGate = kept * i * (1f - gGate * gGate);`,
    },
  ],
};
