import { usualEarlyStopping, type EarlyStopping } from '../../../shared/domain/sweep-space.ts';
import { readTypedNumber } from '../../../shared/format/typed-number.ts';

/** With fewer runs, no run is compared with the others. */
export const fewestCompared = 3;

/** The chosen limits that may end runs of a sweep before their own end. */
export interface ChosenLimits {
  /** Whether runs that fall behind are stopped. */
  readonly stopsEarly: boolean;
  /** Hours as they were typed; empty for no limit. */
  readonly typedHours: string;
}

export interface SweepLimits {
  readonly earlyStopping: EarlyStopping | null;
  readonly hours: number | null;
  /** The problem with what was typed; null if there is none. */
  readonly problem: string | null;
}

export function sweepLimits({ stopsEarly, typedHours }: ChosenLimits): SweepLimits {
  const earlyStopping = stopsEarly ? usualEarlyStopping : null;
  if (typedHours.trim() === '') return { earlyStopping, hours: null, problem: null };
  const read = readTypedNumber(typedHours, { whole: false, minimum: Number.MIN_VALUE, maximum: 1e6 });
  switch (read.kind) {
    case 'number':
      return { earlyStopping, hours: read.value, problem: null };
    case 'ambiguous':
      return { earlyStopping, hours: null, problem: `Hours: this may be ${read.readings.join(' or ')}.` };
    case 'none':
      return { earlyStopping, hours: null, problem: 'Hours: a number above 0, or nothing for no limit.' };
  }
}
