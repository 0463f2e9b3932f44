import type { SweepOverview } from '../../../shared/domain/sweep.ts';
import { titleOf } from '../../../shared/planning/sweep-axes.ts';

/** A setting that a sweep varies, as its page shows it. */
export interface VariedSetting {
  readonly key: string;
  readonly title: string;
  /** Whether all of its values are numbers. */
  readonly isNumber: boolean;
  /** True if its values are spread on a logarithmic scale. */
  readonly isLogarithmic: boolean;
}

/** Numbers that differ by this factor or more are spread on a logarithmic scale. */
const manyfold = 30;

/** The settings that differ between the tasks of a sweep, in the order in which they were given. */
export function variedSettings({
  space,
  tasks,
}: Pick<SweepOverview, 'space' | 'tasks'>): readonly VariedSetting[] {
  const keys = [...space.axes.map(({ key }) => key), ...(space.seeds > 1 ? ['seed'] : [])];
  return keys.map((key) => {
    const values = tasks.map(({ changes }) => changes[key]).filter((value) => value !== undefined);
    const numbers = values.filter((value) => typeof value === 'number');
    const isNumber = numbers.length > 0 && numbers.length === values.length;
    const axis = space.axes.find((each) => each.key === key);
    return {
      key,
      title: titleOf(key),
      isNumber,
      isLogarithmic: axis?.kind === 'range' ? axis.scale === 'log' : isNumber && isWide(numbers),
    };
  });
}

function isWide(numbers: readonly number[]): boolean {
  const least = Math.min(...numbers);
  return least > 0 && Math.max(...numbers) / least >= manyfold;
}
