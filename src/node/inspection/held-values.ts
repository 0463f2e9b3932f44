import type { HeldUnit } from '../../engine/inspection/hold-units.ts';
import type { Inspection } from '../../engine/inspection/inspection.ts';
import type { Hold } from '../../shared/domain/inspection.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatUnit } from '../../shared/format/inspected-properties.ts';

/**
 * The values at which units are held: percentiles and means are over the whole text that was read.
 * @throws CharloomError('usage') for a unit that the model does not have, or an output beyond -1 and 1
 */
export function heldUnits(inspection: Inspection, holds: readonly Hold[]): readonly HeldUnit[] {
  return holds.map(({ unit, at }) => {
    const scale = inspection.scale(unit);
    const value = typeof at === 'number' ? at : scale[at];
    if (unit.state === 'h' && Math.abs(value) > 1) {
      throw new CharloomError('usage', `The output of ${formatUnit(unit)} is between -1 and 1.`);
    }
    return { unit, value };
  });
}
