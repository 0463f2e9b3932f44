import type { PropertyRequest } from '../../shared/domain/inspected-properties.ts';
import type { InspectedModel } from './inspection.ts';
import type { InspectedSymbols } from './pieces.ts';
import { readPiece } from './states.ts';
import { UnitLevels } from './unit-levels.ts';
import { UnitSearch } from './unit-search.ts';

/** The score of one unit of a model for a property, null where that is too rare; reads the whole text. Yields the share done. */
export function* scoreUnit(
  { spec, network }: Pick<InspectedModel, 'spec' | 'network'>,
  text: InspectedSymbols,
  property: PropertyRequest,
  number: number,
): Generator<number, number | null, void> {
  const levels = new UnitLevels(1, text.length);
  for (const piece of text.pieces) {
    for (const { position, states } of readPiece(network, text, piece)) {
      levels.add(states.subarray(number, number + 1));
      if (position % 256 === 0) yield position / text.length;
    }
  }
  return new UnitSearch(spec, text, levels).scoreOf(property, 0);
}
