import { carriedFloats, rowFloats } from '../shape.ts';
import { reads, writes } from '../wgsl/kernel.ts';
import type { CellProgram } from './cell.ts';

/**
 * char-rnn's GRU: n = tanh(Wx x + Wh (r*h) + b), h' = h + z*(n - h). The reset gate acts before the recurrent product, so that a time step has two
 * products, one after the other.
 */
export const gruProgram: CellProgram = {
  buffers: (shape) => ({ operand: rowFloats(shape), carriedGradient: carriedFloats(shape) }),
  operands: ['hidden', 'operand'],
  forward: [
    {
      group: 0,
      reads: [],
      bindings: [writes('operand')],
      code: `
zGate = sigmoid(zGate);
rGate = sigmoid(rGate);
operand[at] = rGate * hidden[before];`,
    },
    {
      group: 1,
      reads: [0],
      bindings: [],
      code: `
nGate = squash(nGate);
let old = hidden[before];
made = fma(zGate, nGate - old, old);`,
    },
  ],
  backward: [
    {
      group: 0,
      from: 'later',
      reads: [0, 1],
      writes: [0, 1],
      bindings: [reads('hidden'), writes('carriedGradient')],
      code: `
let total = through + select(carriedGradient[carried], vec4f(), isLast);
carriedGradient[carried] = total * (1f - zGate);
let z = zGate;
zGate = total * (nGate - hidden[before]) * z * (1f - z);
nGate = total * z * (1f - nGate * nGate);`,
    },
    {
      group: 1,
      from: 'same',
      reads: [0],
      writes: [0],
      bindings: [reads('hidden'), writes('carriedGradient')],
      code: `
carriedGradient[carried] += through * rGate;
rGate = through * hidden[before] * rGate * (1f - rGate);`,
    },
  ],
};
