import { z } from 'zod';
import { formatTaskSet, parseTaskSet } from '../../shared/domain/task-set.ts';
import { appendJsonLine, readJsonLines } from '../files/json-lines.ts';
import type { Submission } from './submissions.ts';
import { sweepPaths } from './sweep-folder.ts';

const lineSchema = z.looseObject({
  at: z.iso.datetime(),
  tasks: z.string(),
  /** Number of submissions by then: a later one undoes the cancellation. */
  submissions: z.int().nonnegative(),
});

/** Cancels tasks: running tasks save their state and end, waiting tasks end when they start. */
export async function noteCancelled(
  folder: string,
  tasks: readonly number[],
  submissions: readonly Submission[],
): Promise<void> {
  const line = {
    at: new Date().toISOString(),
    tasks: formatTaskSet(tasks),
    submissions: submissions.at(-1)?.number ?? 0,
  };
  await appendJsonLine(sweepPaths(folder).cancelled, line, 'cancel the tasks');
}

/** For each task that was ever cancelled, the last submission that it was cancelled after. */
export async function readCancellations(folder: string): Promise<ReadonlyMap<number, number>> {
  const cancelled = new Map<number, number>();
  for (const { tasks, submissions } of await readJsonLines(sweepPaths(folder).cancelled, lineSchema)) {
    for (const index of indicesOf(tasks)) cancelled.set(index, submissions);
  }
  return cancelled;
}

/** Whether a task is cancelled, given the submission that it belongs to. */
export function isCancelled(
  cancelled: ReadonlyMap<number, number>,
  index: number,
  submission: number,
): boolean {
  const after = cancelled.get(index);
  return after !== undefined && after >= submission;
}

function indicesOf(text: string): readonly number[] {
  try {
    return parseTaskSet(text);
  } catch {
    return [];
  }
}
