import { median } from '../../../shared/statistics/averages.ts';
import { rankOf } from './activation-levels.ts';
import { spanAt, type Span } from '../../stores/inside/spans.ts';

/** What a unit does at every symbol of the text, and its values at 0, 1, ..., 100 percent of it. */
export interface Activation {
  readonly values: Float32Array;
  readonly percentiles: readonly number[];
}

/** From rank `active` on a unit counts as active, up to `quiet` as quiet; in between it is neither. */
const active = 0.8;
const quiet = 0.2;

/** The next place where the unit turns from quiet to active or back; null when there is none. */
export function nextSwitch({ values, percentiles }: Activation, from: number): number | null {
  let last: 'active' | 'quiet' | null = null;
  for (let position = Math.max(0, from); position < values.length; position++) {
    const rank = rankOf(values[position] ?? 0, percentiles);
    const now = rank >= active ? 'active' : rank <= quiet ? 'quiet' : null;
    if (now === null) continue;
    if (last !== null && now !== last && position > from) return position;
    last = now;
  }
  return null;
}

/** How well a unit agrees with a property that holds in some places. */
export interface Agreement {
  /** Halfway between the unit's median inside and its median outside: the best single border that can be drawn without looking at each place. */
  readonly border: number;
  /** Whether it is more active inside than outside. */
  readonly isMoreActiveInside: boolean;
  /** The share of the symbols inside, and of those outside, that are on the right side of the border: 0..1. */
  readonly inside: number;
  readonly outside: number;
}

/** Null where the property holds nowhere or everywhere. */
export function agreementOf({ values }: Activation, spans: readonly Span[]): Agreement | null {
  const inside = spans.flatMap(({ start, end }) => [...values.slice(start, end)]);
  const outside: number[] = [];
  let passed = 0;
  for (const { start, end } of [...spans, { start: values.length, end: values.length }]) {
    outside.push(...values.slice(passed, start));
    passed = end;
  }
  if (inside.length === 0 || outside.length === 0) return null;
  const middles = { inside: median(inside), outside: median(outside) };
  const border = (middles.inside + middles.outside) / 2;
  const isMoreActiveInside = middles.inside >= middles.outside;
  const share = (all: readonly number[], isAbove: boolean): number =>
    all.filter((value) => (isAbove ? value > border : value <= border)).length / all.length;
  return {
    border,
    isMoreActiveInside,
    inside: share(inside, isMoreActiveInside),
    outside: share(outside, !isMoreActiveInside),
  };
}

/** Whether the unit is on the wrong side of the border at a place. */
export function isWrongAt(
  { values }: Activation,
  spans: readonly Span[],
  { border, isMoreActiveInside }: Agreement,
  position: number,
): boolean {
  const says = (values[position] ?? 0) > border === isMoreActiveInside;
  return says !== (spanAt(spans, position) !== null);
}

/** In a shorter stretch the unit is slightly late, not wrong. */
const shortestWrong = 10;

/** The next place where the unit starts to be wrong; null if there is none. */
export function nextWrong(
  activation: Activation,
  spans: readonly Span[],
  agreement: Agreement,
  from: number,
): number | null {
  const isWrong = (position: number): boolean => isWrongAt(activation, spans, agreement, position);
  const count = activation.values.length;
  let position = Math.max(0, from);
  // Skips the current stretch.
  while (position < count && isWrong(position)) position++;
  let begin = position;
  for (; position < count; position++) {
    if (!isWrong(position)) begin = position + 1;
    else if (position + 1 - begin >= shortestWrong) return begin;
  }
  return null;
}
