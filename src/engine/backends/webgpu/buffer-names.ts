import type { CellDescription } from '../../../shared/domain/cells.ts';

/** Everything that a network keeps on the card, by its name in the shaders. */
export const bufferNames = [
  // In the layout of the parameters.
  'parameters',
  'average',
  'firstSlot',
  'secondSlot',
  // One array for each partial sum, one after another.
  'gradients',
  // The recurrent weights of this step, with weight drop: [L][H][G * H].
  'thinned',
  // What layer normalisation derives from the parameters, and what its layers store (normalised/places.ts).
  'effective',
  'normed',
  // [L][N][G * H]: sums, then gates, then gradients.
  'gates',
  // [L][S + 1][B][H], followed by a row of zeros with records.
  'hidden',
  'cell',
  // [L][N][H].
  'operand',
  'handed',
  'outputGradient',
  // [L][B][H].
  'carriedGradient',
  // [N][V] and [N].
  'logits',
  'losses',
  // Symbols in, symbols out, rows sorted by symbol, where each symbol starts, where records start: words.
  'batch',
  // Partial sums of squares.
  'norms',
  'squares',
  'result',
  // Muon's: a matrix [H][H] for each gate of each hidden matrix, and partial sums of their squares.
  'muonX',
  'muonY',
  'muonGram',
  'muonPolynomial',
  'muonSquares',
] as const;
export type BufferName = (typeof bufferNames)[number];

/** The optimiser's memory, slot by slot. */
export const slotBuffers = ['firstSlot', 'secondSlot'] as const satisfies readonly BufferName[];

/** Words of the result: loss, norm of the gradient, norm of the parameters, one unused. */
export const resultFloats = 4;

const bufferOfState: Readonly<Record<string, BufferName>> = { h: 'hidden', c: 'cell' };

/** The buffers of a cell's states, in canonical order. */
export function stateBuffers({ states }: CellDescription): readonly BufferName[] {
  return states.map(({ name }) => {
    const buffer = bufferOfState[name];
    if (buffer === undefined) throw new Error(`no buffer holds the state ${name}`);
    return buffer;
  });
}
