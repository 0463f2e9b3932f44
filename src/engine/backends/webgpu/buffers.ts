import { optimizers } from '../../../shared/domain/optimizers.ts';
import { bufferNames, resultFloats, type BufferName } from './buffer-names.ts';
import type { Design } from './design.ts';
import { normalisedFloats } from './normalised/places.ts';
import { optimizerFloats } from './optimizer/plan.ts';
import { batchWords } from './records.ts';
import { rowFloats, stateFloats } from './shape.ts';

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
