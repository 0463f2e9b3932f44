import { z } from 'zod';
import { nameSchema } from '../../shared/domain/common.ts';
import { knownRunSettings, type RunSettings } from '../../shared/domain/run-settings.ts';
import { sweepChangesSchema } from '../../shared/domain/sweep-space.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import type { Fields } from '../../shared/versioned.ts';
import { readJsonLines } from '../files/json-lines.ts';
import { sweepPaths } from './sweep-folder.ts';
import type { SweepRecord } from './sweep-record.ts';

const taskFields = {
  index: z.int().positive(),
  /** Name of its run's folder. */
  run: nameSchema,
  /** Name of its run. */
  name: z.string().min(1).max(80),
  /** The settings in which it differs from the others. */
  changes: sweepChangesSchema,
};
/** A line of `tasks.jsonl`. */
export type SweepTaskEntry = Readonly<Fields<typeof taskFields>>;
export const taskEntrySchema: z.ZodType<SweepTaskEntry> = z.looseObject(taskFields);

/**
 * The tasks of a sweep in their order, as they were planned.
 * @throws CharloomError('bad-run') when the list is damaged: the tasks cannot be distinguished then
 */
export async function readTaskList(folder: string, record: SweepRecord): Promise<readonly SweepTaskEntry[]> {
  const path = sweepPaths(folder).tasks;
  const tasks = await readJsonLines(path, taskEntrySchema);
  const isWhole = tasks.length === record.tasks && tasks.every(({ index }, place) => index === place + 1);
  if (isWhole) return tasks;
  throw new CharloomError(
    'bad-run',
    `${path} does not list the ${formatQuantity(record.tasks, 'task')} that were planned.`,
  );
}

/** @throws CharloomError('not-found') */
export function taskOf(tasks: readonly SweepTaskEntry[], index: number): SweepTaskEntry {
  const task = tasks[index - 1];
  if (task !== undefined) return task;
  throw new CharloomError('not-found', `The sweep has no task ${formatCount(index)}.`, {
    fix: `Its tasks are 1 to ${formatCount(tasks.length)}.`,
  });
}

/** All settings of a task's run. */
export function taskSettings({ settings }: SweepRecord, { name, changes }: SweepTaskEntry): RunSettings {
  return knownRunSettings({ ...settings, ...changes, name });
}
