import { taskDigits } from '../../shared/planning/sweep-tasks.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';

/** The tasks that one Slurm array holds. */
export interface ArrayPart {
  readonly tasks: readonly number[];
  /** Index of a task minus that of its array element. */
  readonly offset: number;
  /** Elements of the array, as in "1-5,9". */
  readonly elements: string;
  /** Where Slurm writes the output of a job, below the sweep's folder: the log of its task. */
  readonly output: string;
}

/**
 * Divides tasks among arrays: the index of an element must be below the cluster's limit (MaxArraySize). A part holds the tasks of one power of ten,
 * so that the number in a task's folder starts with the part's and ends with the element's.
 */
export function arrayParts(
  tasks: readonly number[],
  { total, maxArraySize }: { readonly total: number; readonly maxArraySize: number },
): readonly ArrayPart[] {
  const digits = taskDigits(total);
  if (Math.max(0, ...tasks) < maxArraySize) return tasks.length === 0 ? [] : [partOf(tasks, 0, '', digits)];
  const power = Math.floor(Math.log10(maxArraySize));
  const size = 10 ** power;
  const groups = Map.groupBy(tasks, (index) => Math.floor(index / size));
  return [...groups].map(([group, own]) => {
    const before = String(group).padStart(digits - power, '0');
    return partOf(own, group * size, before, power);
  });
}

function partOf(tasks: readonly number[], offset: number, before: string, digits: number): ArrayPart {
  return {
    tasks,
    offset,
    elements: formatTaskSet(tasks.map((index) => index - offset)),
    output: `tasks/${before}${digits === 0 ? '' : `%${digits}a`}/log.txt`,
  };
}
