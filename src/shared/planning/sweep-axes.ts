import { runSettings, type RunSettingKey } from '../domain/run-settings.ts';
import type { SettingDefinition } from '../domain/setting-definition.ts';
import type { SweepAxis, SweepValue } from '../domain/sweep-space.ts';
import { CharloomError } from '../errors.ts';

type SweepRange = Extract<SweepAxis, { kind: 'range' }>;

/** The values of a grid's axis. */
export function axisValues(axis: SweepAxis): readonly SweepValue[] {
  if (axis.kind === 'values') return [...new Set(axis.values)];
  refuseRange(axis);
  const { count } = axis;
  if (count === null) {
    throw new CharloomError(
      'bad-setting',
      `A grid needs single values of ${titleOf(axis.key)}: a range has no end of them.`,
      { fix: 'Say how many, as in 0.0005..0.01:log:5, or let the sweep draw at random.' },
    );
  }
  return [...new Set(Array.from({ length: count }, (_, place) => valueAt(axis, place / (count - 1))))];
}

/** @throws CharloomError('bad-setting') for an empty range, or a range of a setting that is not a number */
export function refuseRange({ key, minimum, maximum, scale }: SweepRange): void {
  const kind = definitionOf(key)?.kind;
  if (kind !== 'integer' && kind !== 'number') {
    throw new CharloomError('bad-setting', `${titleOf(key)} has no range: it is no number.`, {
      fix: 'Name its values, with commas between them.',
    });
  }
  if (!(minimum < maximum)) {
    throw new CharloomError('bad-setting', `The range of ${titleOf(key)} must begin below its end.`);
  }
  if (scale === 'log' && minimum <= 0) {
    throw new CharloomError('bad-setting', `A logarithmic range of ${titleOf(key)} must begin above 0.`);
  }
}

/** The value at a share of a range, 0 to 1, with four significant digits; whole if the setting is. */
export function valueAt({ key, minimum, maximum, scale }: SweepRange, share: number): number {
  const value =
    scale === 'log' ? minimum * (maximum / minimum) ** share : minimum + (maximum - minimum) * share;
  const isWhole = definitionOf(key)?.kind === 'integer';
  const tidy = isWhole ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(maximum, Math.max(minimum, tidy));
}

/** The setting that a key names; undefined if this version does not know it. */
export function definitionOf(key: string): SettingDefinition | undefined {
  return Object.hasOwn(runSettings, key) ? runSettings[key as RunSettingKey] : undefined;
}

/** A setting's title, for sentences. */
export function titleOf(key: string): string {
  return definitionOf(key)?.title ?? key;
}
