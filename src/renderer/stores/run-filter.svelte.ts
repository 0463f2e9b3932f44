import type { Run } from '../../shared/domain/run.ts';
import { filterKeys, valuesOf, type FilterKey } from './run-values.ts';
import { matches } from './run-selection.ts';

export const runOrders = ['newest', 'name', 'loss'] as const;
export type RunOrder = (typeof runOrders)[number];

/** Search and filters of a list of runs. */
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

  /** The runs that match, in the chosen order; `runs` is newest first. */
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
