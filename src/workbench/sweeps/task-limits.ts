import { noteOwnSubmission, readSubmissions, type Submission } from '../../node/sweeps/submissions.ts';
import { hoursUsedUp, type SweepTasks } from '../../runs/sweeps/reason-to-stop.ts';
import type { SweepTaskState } from '../../shared/domain/sweep.ts';

/** What may end a queued task before its run is complete. */
export interface TaskLimits {
  /** Hours that all tasks may use together; null for no limit. */
  readonly hours: number | null;
  /** True: it is trained to its end, even though it falls behind. */
  readonly isUnstopped: boolean;
}

/** A task to be queued again, with its previous state. */
export interface QueuedAgain {
  readonly index: number;
  readonly state: SweepTaskState;
}

/** Records in the sweep's folder which tasks the queue trains, and under which limits. */
export async function noteQueued(
  folder: string,
  tasks: readonly number[],
  { hours, isUnstopped }: TaskLimits,
): Promise<void> {
  await noteOwnSubmission(folder, { engine: 'queue', tasks, hours, isUnstopped });
}

/**
 * The limits of tasks that the user queues again: the previous ones, except that hours which are used up no longer count, and that a run which was
 * stopped early, or has finished and trains longer, is not stopped again. Tasks with the same limits are grouped.
 */
export async function limitsAgain(
  sweep: SweepTasks,
  tasks: readonly QueuedAgain[],
): Promise<readonly (TaskLimits & { readonly indices: readonly number[] })[]> {
  const submissions = (await readSubmissions(sweep.folder)).filter(({ refusal }) => refusal === null);
  const before = submissions.at(-1)?.hours ?? null;
  const hours = (await hoursUsedUp(sweep, { hours: before })) === null ? before : null;
  const isFree = ({ index, state }: QueuedAgain): boolean =>
    state === 'stopped-early' || state === 'finished' || isUnstoppedBefore(submissions, index);
  return [false, true].flatMap((isUnstopped) => {
    const indices = tasks.filter((task) => isFree(task) === isUnstopped).map(({ index }) => index);
    return indices.length === 0 ? [] : [{ hours, isUnstopped, indices }];
  });
}

function isUnstoppedBefore(submissions: readonly Submission[], index: number): boolean {
  return submissions.findLast(({ tasks }) => tasks.has(index))?.isUnstopped ?? false;
}
