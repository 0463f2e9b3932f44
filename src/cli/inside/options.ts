import {
  builtInPropertyNames,
  type PropertyRequest,
  type Unit,
} from '../../shared/domain/inspected-properties.ts';
import type { Hold, HoldLevel } from '../../shared/domain/inspection.ts';
import { maxHeldUnits } from '../../shared/domain/inspection.ts';
import type { CellKind } from '../../shared/domain/cells.ts';
import { CharloomError } from '../../shared/errors.ts';
import { parseNumber } from '../options.ts';
import { nearest } from '../suggest.ts';

/** A built-in property by its name, as --property gives it. */
export function parseProperty(text: string): PropertyRequest {
  const name = builtInPropertyNames.find((known) => known === text);
  if (name !== undefined) return { kind: 'built-in', name };
  const near = nearest(text, builtInPropertyNames);
  throw new CharloomError('usage', `--property cannot be “${text}”: there is no such property.`, {
    fix:
      near === undefined
        ? `There are ${builtInPropertyNames.join(', ')}.`
        : `Did you mean --property ${near}?`,
  });
}

/** "()" or "<!-- -->": two characters, or two marks with a space between. */
export function parsePair(text: string): PropertyRequest {
  const parts = text.includes(' ') ? text.split(' ') : Array.from(text);
  const [open, close, ...rest] = parts;
  if (open !== undefined && close !== undefined && open !== '' && close !== '' && rest.length === 0) {
    return { kind: 'pair', open, close };
  }
  throw new CharloomError('usage', `--pair cannot be “${text}”: it must be an opening and a closing mark.`, {
    fix: "Two characters, or two marks with a space between: --pair '()' or --pair '<!-- -->'.",
  });
}

/** The value of --hold: "2.47=high". Which state is meant depends on the model. */
export interface TypedHold {
  readonly layer: number;
  readonly unit: number;
  readonly state: Unit['state'] | undefined;
  readonly at: HoldLevel;
}

const pattern = /^(?<state>[hc]?)(?<layer>[1-9]\d{0,3})\.(?<unit>[1-9]\d{0,5})=(?<at>.+)$/;

/** @throws CharloomError('usage') */
export function parseHold(text: string): TypedHold {
  const { state, layer, unit, at = '' } = pattern.exec(text)?.groups ?? {};
  const level = levelOf(at);
  if (layer !== undefined && unit !== undefined && level !== undefined) {
    return {
      layer: Number(layer) - 1,
      unit: Number(unit) - 1,
      state: state === 'h' || state === 'c' ? state : undefined,
      at: level,
    };
  }
  throw new CharloomError(
    'usage',
    `--hold cannot be “${text}”: it must be LAYER.UNIT=high, low, mean or a number.`,
    { fix: 'For instance --hold 2.47=high; --hold h2.47=0.5 holds the output instead of the memory.' },
  );
}

function levelOf(text: string): HoldLevel | undefined {
  if (text === 'high' || text === 'low' || text === 'mean') return text;
  const value = parseNumber(text);
  return Number.isFinite(value) ? value : undefined;
}

/** By default the cell state if the model has one, because it is what remembers. */
export function holdsFor(model: CellKind, typed: readonly TypedHold[]): readonly Hold[] {
  if (typed.length > maxHeldUnits) {
    throw new CharloomError('usage', `At most ${maxHeldUnits} units can be held together.`);
  }
  return typed.map(({ layer, unit, state, at }) => ({
    unit: { layer, unit, state: state ?? (model === 'lstm' ? 'c' : 'h') },
    at,
  }));
}

/** In the form of --hold, without the state. */
export function typedUnit({ layer, unit }: Unit): string {
  return `${layer + 1}.${unit + 1}`;
}
