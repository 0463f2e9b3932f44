import type { CellProgram } from './cell.ts';

/** h' = tanh(Wx x + Wh h + b). */
export const rnnProgram: CellProgram = {
  buffers: () => ({}),
  operands: ['hidden'],
  forward: [{ group: 0, reads: [], bindings: [], code: 'hGate = squash(hGate);\nmade = hGate;' }],
  backward: [
    {
      group: 0,
      from: 'later',
      reads: [0],
      writes: [0],
      bindings: [],
      code: 'hGate = through * (1f - hGate * hGate);',
    },
  ],
};
