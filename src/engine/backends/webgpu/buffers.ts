import type { CellDescription } from '../../../shared/domain/cells.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { Design } from './design.ts';
import { normalisedFloats } from './normalised/places.ts';
import { optimizerFloats } from './optimizer/plan.ts';
import { batchWords } from './records.ts';
import { rowFloats, stateFloats } from './shape.ts';

/** Everything that a network keeps on the card, by its name in the shaders. */
export const bufferNames = [
  // In the layout of the parameters.
  'parameters',
  'average',
  'firstSlot',
  'secondSlot',
  // One run for each partial sum, one behind the other.
  'gradients',
  // The recurrent weights of this step, some of them dropped: [L][H][G * H].
  'thinned',
  // What layer normalisation makes of the parameters, and what its layers leave (normalised/places.ts).
  'effective',
  'normed',
  // [L][N][G * H]: sums, then gates, then gradients.
  'gates',
  // [L][S + 1][B][H], with records a row of zeros more.
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

/** Sizes in floats of the buffers that a network has. */
export function bufferFloats(design: Design): ReadonlyMap<BufferName, number> {
  const { shape, layout, options, plan, program } = design;
  const { rows, columns, units, symbols, spec } = shape;
  const { slots } = optimizers[options.optimizer.kind];
  const sizes: Partial<Record<BufferName, number>> = {
    parameters: layout.floats,
    ...(options.averaging ? { average: layout.floats } : {}),
    ...(slots.length > 0 ? { firstSlot: layout.floats } : {}),
    ...(slots.length > 1 ? { secondSlot: layout.floats } : {}),
    gradients: layout.floats * plan.gradientParts,
    ...(spec.layerNorm ? normalisedFloats(shape) : {}),
    ...(options.weightDrop > 0 && !spec.layerNorm ? { thinned: spec.numLayers * units * columns } : {}),
    gates: spec.numLayers * rows * columns,
    hidden: stateFloats(shape),
    ...(design.handsOn ? { handed: rowFloats(shape) } : {}),
    outputGradient: rowFloats(shape),
    logits: rows * symbols,
    losses: rows,
    batch: batchWords(shape),
    ...optimizerFloats(design),
    result: resultFloats,
    ...program.buffers(shape),
  };
  return new Map(
    bufferNames.flatMap((name): [BufferName, number][] => {
      const floats = sizes[name];
      return floats === undefined ? [] : [[name, floats]];
    }),
  );
}

const bufferOfState: Readonly<Record<string, BufferName>> = { h: 'hidden', c: 'cell' };

/** The buffers of a cell's states, in the order of the canon. */
export function stateBuffers({ states }: CellDescription): readonly BufferName[] {
  return states.map(({ name }) => {
    const buffer = bufferOfState[name];
    if (buffer === undefined) throw new Error(`no buffer holds the state ${name}`);
    return buffer;
  });
}
