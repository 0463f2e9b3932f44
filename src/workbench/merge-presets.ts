import { isDeepStrictEqual } from 'node:util';
import type { AppSettings } from '../shared/domain/app.ts';

type Presets = AppSettings['presets'];

interface Versions {
  /** As they were before the change, as far as its author knew. */
  readonly before: Presets;
  /** As they are after the change. */
  readonly mine: Presets;
  /** As they are stored, where another Charloom may have changed them since. */
  readonly kept: Presets;
}

/** Applies the changes made to a known list of presets to the stored list: another Charloom's additions are kept. */
export function mergePresets({ before, mine, kept }: Versions): Presets {
  if (isDeepStrictEqual(before, kept)) return mine;
  const removed = before.filter(({ name }) => find(mine, name) === undefined);
  const changed = mine.filter((preset) => !isDeepStrictEqual(find(before, preset.name), preset));
  const rest = kept.filter(({ name }) => find(removed, name) === undefined);
  const replaced = rest.map((preset) => find(changed, preset.name) ?? preset);
  return [...replaced, ...changed.filter(({ name }) => find(rest, name) === undefined)];
}

function find(presets: Presets, name: string): Presets[number] | undefined {
  return presets.find((preset) => preset.name === name);
}
