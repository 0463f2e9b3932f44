import type { PropertyRequest } from '../../shared/domain/inspected-properties.ts';
import type { InspectedModel } from './inspection.ts';
import type { InspectedSymbols } from './pieces.ts';
import { readPieces, untouched } from './states.ts';
import { UnitLevels } from './unit-levels.ts';
import { UnitSearch } from './unit-search.ts';

/** The score of one unit of a model for a property, null if the property is too rare; reads the whole text. Yields the progress, 0..1. */
export function* scoreUnit(
  { backend, spec, parameters }: InspectedModel,
  text: InspectedSymbols,
  property: PropertyRequest,
  number: number,
): Generator<number, number | null, void> {
  const levels = new UnitLevels(1, text.length);
  const reading = { backend, spec, model: untouched(spec, parameters) };
  yield* readPieces(reading, text, text.pieces, ({ position, states }) =>
    levels.add(position, states.subarray(number, number + 1)),
  );
  return new UnitSearch(spec, text, levels).scoreOf(property, 0);
}
