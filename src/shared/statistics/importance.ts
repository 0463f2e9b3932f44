import type { SweepTask } from '../domain/sweep.ts';
import type { SweepValue } from '../domain/sweep-space.ts';
import { quantileGroups, rankCorrelation, shareBetween } from './ranks.ts';

/** How strongly a varied setting is related to the loss, over all finished runs. */
export interface SettingImportance {
  /** Key of the setting. */
  readonly key: string;
  /** Values that occur. */
  readonly values: number;
  /** Spearman's rank correlation with the loss: above 0 if larger values have higher losses. Null for a setting that is not a number. */
  readonly correlation: number | null;
  /** Share of the variance of the losses' ranks, 0 to 1; null if too little is known. */
  readonly share: number | null;
}

export interface Importance {
  /** Number of runs that it is based on. */
  readonly runs: number;
  /** The largest share first; empty with fewer than `fewestRuns`. */
  readonly settings: readonly SettingImportance[];
}

/** With fewer finished runs the values would be due to chance. */
export const fewestRuns = 8;
/** A setting with more values is divided into this number of groups. */
const mostGroups = 5;

/**
 * How the varied settings relate to the loss. Only finished runs are compared: an intermediate loss depends on how long a run has trained. The
 * numbers describe these runs only: settings that varied together share their effect.
 */
export function importanceOf(tasks: readonly SweepTask[], keys: readonly string[]): Importance {
  const known = tasks.filter(({ state, loss }) => state === 'finished' && loss !== null);
  if (known.length < fewestRuns) return { runs: known.length, settings: [] };
  const losses = known.map(({ loss }) => loss ?? Number.NaN);
  const settings = keys.map((key) =>
    ofSetting(
      key,
      known.map(({ changes }) => changes[key]),
      losses,
    ),
  );
  return {
    runs: known.length,
    settings: settings.toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1)),
  };
}

function ofSetting(
  key: string,
  values: readonly (SweepValue | undefined)[],
  losses: readonly number[],
): SettingImportance {
  const distinct = new Set(values).size;
  const numbers = values.filter((value) => typeof value === 'number');
  const areNumbers = numbers.length === values.length;
  const groups =
    areNumbers && distinct > mostGroups ? quantileGroups(numbers, mostGroups) : values.map(String);
  return {
    key,
    values: distinct,
    correlation: areNumbers ? rankCorrelation(numbers, losses) : null,
    share: shareBetween(losses, groups),
  };
}
