import type { Run } from '../../shared/domain/run.ts';

/** Filters of lists of runs, besides the search. */
export const filterKeys = ['state', 'model', 'text', 'tag'] as const;
export type FilterKey = (typeof filterKeys)[number];

/** The values of a run under a filter. */
export function valuesOf({ state, settings, text, tags }: Run, key: FilterKey): readonly string[] {
  switch (key) {
    case 'state':
      return [state];
    case 'model':
      return settings === null ? [] : [settings.model];
    case 'text':
      return text.title === '' ? [] : [text.title];
    case 'tag':
      return tags;
  }
}

/** The values that occur among runs, with the number of runs that have each, the most frequent first. */
export function occurring(
  runs: readonly Run[],
  key: FilterKey,
): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    for (const value of valuesOf(run, key)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}
