import { cellOf } from '../../shared/domain/cells.ts';
import type { Unit } from '../../shared/domain/inspected-properties.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * A model's whole state is one flat array, as SamplingNetwork reads it: layer by layer the cell's states, h first, H numbers each. A unit's number is
 * its index there.
 */
export function unitCount(spec: ModelSpec): number {
  return spec.numLayers * cellOf(spec).states.length * spec.rnnSize;
}

/** @throws CharloomError('usage') if the model has no such unit */
export function numberOfUnit(spec: ModelSpec, { state, layer, unit }: Unit): number {
  const { states } = cellOf(spec);
  const index = states.findIndex(({ name }) => name === state);
  if (index < 0) {
    throw new CharloomError('usage', `A ${cellOf(spec).title} has no memory apart from its outputs.`, {
      fix: 'Choose an output (h).',
    });
  }
  if (layer >= spec.numLayers || unit >= spec.rnnSize) {
    throw new CharloomError(
      'usage',
      `There is no unit ${unit + 1} in layer ${layer + 1}: the model has ${spec.numLayers} layers of ${spec.rnnSize} units.`,
    );
  }
  return (layer * states.length + index) * spec.rnnSize + unit;
}

/** The unit with this number. */
export function unitWithNumber(spec: ModelSpec, number: number): Unit {
  const { states } = cellOf(spec);
  const block = Math.floor(number / spec.rnnSize);
  const state = states[block % states.length]?.name === 'c' ? 'c' : 'h';
  return { state, layer: Math.floor(block / states.length), unit: number % spec.rnnSize };
}
