import type { BufferName } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import type { GateGroup, NetworkShape } from '../shape.ts';
import { constantTable, range, type Binding } from './kernel.ts';

/** Where a step's recurrent weights are: the parameters, or the copy with weight drop. */
export function recurrentWeights({ spec, shape, layout, options }: Design): {
  readonly buffer: BufferName;
  readonly table: string;
} {
  const layers = range(spec.numLayers);
  if (options.weightDrop === 0) {
    const places = layers.map((layer) => layout.of(layer, 'wh').offset / 4);
    return { buffer: 'parameters', table: constantTable('weightsAt', places) };
  }
  const perLayer = (shape.units * shape.columns) / 4;
  return {
    buffer: 'thinned',
    table: constantTable(
      'weightsAt',
      layers.map((layer) => layer * perLayer),
    ),
  };
}

/** A group of gates that must exist. */
export function assertGroup({ groups }: NetworkShape, index: number): GateGroup {
  const group = groups[index];
  if (group === undefined) throw new Error(`a cell has no group ${index} of gates`);
  return group;
}

/** Each buffer once, writable if any of its uses writes it. */
export function uniqueBindings(bindings: readonly Binding[]): readonly Binding[] {
  const unique = new Map<BufferName, Binding>();
  for (const binding of bindings) {
    const known = unique.get(binding.buffer);
    if (known === undefined || binding.access === 'read_write') unique.set(binding.buffer, binding);
  }
  return [...unique.values()];
}
