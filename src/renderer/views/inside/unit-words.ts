import {
  builtInProperties,
  type PropertyRequest,
  type Unit,
} from '../../../shared/domain/inspected-properties.ts';
import { formatUnit, titleOfProperty } from '../../../shared/format/inspected-properties.ts';
import { formatMeasure } from '../../../shared/format/numbers.ts';
import { levelOf, rankOf } from './activation-levels.ts';

/** "Layer 2, unit 47 (memory)", at the start of a sentence or alone. */
export function unitName(unit: Unit): string {
  const name = formatUnit(unit);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

export function isSameUnit(a: Unit, b: Unit): boolean {
  return a.state === b.state && a.layer === b.layer && a.unit === b.unit;
}

export function propertyTitle(property: PropertyRequest): string {
  return titleOfProperty(property).title;
}

/** Whether a property is one that either holds or does not; the others are numbers. */
export function isYesNo(property: PropertyRequest): boolean {
  return property.kind !== 'built-in' || builtInProperties[property.name].yes !== null;
}

/** What a unit does at a place, for people who cannot see the tint. */
export function activationWords(value: number, percentiles: readonly number[]): string {
  const rank = rankOf(value, percentiles);
  const share = Math.round((rank >= 0.5 ? rank : 1 - rank) * 100);
  const than = `${rank >= 0.5 ? 'higher' : 'lower'} than at ${share} % of the text`;
  return `${formatMeasure(value)}, ${levelOf(value, percentiles).word}: ${than}`;
}
