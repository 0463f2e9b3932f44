import type { Run } from '../../shared/domain/run.ts';
import { matches } from './run-selection.ts';

/** What lists of runs are narrowed by besides words. */
export const filterKeys = ['state', 'model', 'text', 'tag'] as const;
export type FilterKey = (typeof filterKeys)[number];

export const runOrders = ['newest', 'name', 'loss'] as const;
export type RunOrder = (typeof runOrders)[number];

/** What is looked for among many runs. */
export class RunFilter {
  search = $state('');
  /** Empty: all. */
  chosen = $state.raw<Readonly<Record<FilterKey, string>>>(noChoice);
  order = $state<RunOrder>('newest');

  get isNarrow(): boolean {
    return this.search.trim() !== '' || filterKeys.some((key) => this.chosen[key] !== '');
  }

  choose(key: FilterKey, value: string): void {
    this.chosen = { ...this.chosen, [key]: value };
  }

  clear(): void {
    this.search = '';
    this.chosen = noChoice;
  }

  /** The runs that are looked for, in the order that was chosen; runs come newest first. */
  apply(runs: readonly Run[]): readonly Run[] {
    const found = runs.filter((run) => this.#fits(run) && matches(run, this.search));
    switch (this.order) {
      case 'newest':
        return found;
      case 'name':
        return found.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
      case 'loss':
        return found.toSorted((a, b) => lossOf(a) - lossOf(b));
    }
  }

  #fits(run: Run): boolean {
    return filterKeys.every(
      (key) => this.chosen[key] === '' || valuesOf(run, key).includes(this.chosen[key]),
    );
  }
}

const noChoice: Readonly<Record<FilterKey, string>> = { state: '', model: '', text: '', tag: '' };

function lossOf({ best }: Run): number {
  return best?.validationLoss ?? Infinity;
}

/** What a run counts as under a filter. */
function valuesOf({ state, settings, text, tags }: Run, key: FilterKey): readonly string[] {
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

/** The values that occur among runs, with how many have each, the most frequent first. */
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
