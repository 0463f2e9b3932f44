import { basename, dirname, join, resolve } from 'node:path';
import { readStoredRun } from '../../node/files/run-folder.ts';
import { isPlanned } from '../../node/files/run-record.ts';
import { readSubmissions } from '../../node/sweeps/submissions.ts';
import { readSweepRecord, type SweepRecord } from '../../node/sweeps/sweep-record.ts';
import { readTaskList, taskOf, type SweepTaskEntry } from '../../node/sweeps/task-list.ts';
import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readTaskState } from '../../node/sweeps/task-state.ts';
import type { SweepTaskReference } from '../../shared/compute/messages.ts';
import type { SweepEngine } from '../../shared/domain/sweep.ts';

/** A sweep whose files have been read. */
export interface OpenSweep {
  readonly folder: string;
  /** Where its runs are: beside it. */
  readonly runsFolder: string;
  readonly record: SweepRecord;
  readonly tasks: readonly SweepTaskEntry[];
}

/** @throws CharloomError 'not-found', 'bad-run', 'incompatible' or 'storage' */
export async function openSweep(sweepFolder: string): Promise<OpenSweep> {
  const folder = resolve(sweepFolder);
  const record = await readSweepRecord(folder);
  return { folder, runsFolder: dirname(folder), record, tasks: await readTaskList(folder, record) };
}

/**
 * Opens the sweep that a run is a task of. Null for a run that turns out not to be one: its sweep was replaced by another, or its folder is a copy.
 * @throws CharloomError as openSweep
 */
export async function openSweepOf(
  runFolder: string,
  { sweep: folder, key, index }: SweepTaskReference,
): Promise<OpenSweep | null> {
  const sweep = await openSweep(folder);
  const isItsTask = sweep.record.key === key && sweep.tasks[index - 1]?.run === basename(runFolder);
  return isItsTask ? sweep : null;
}

/** One attempt at a task. */
export interface TaskTurn {
  readonly entry: SweepTaskEntry;
  readonly runFolder: string;
  /** The submission that it belongs to; 0 for none. */
  readonly submission: number;
  /** What trains it; null for a task that was never submitted. */
  readonly engine: SweepEngine | null;
  /** Hours that all tasks may use together; null for no limit. */
  readonly hours: number | null;
  /** True: the task is trained to its end, even though it falls behind. */
  readonly isUnstopped: boolean;
  /** What has done the arithmetic of its run so far; null for a run that has not started. */
  readonly variantBefore: string | null;
  /** Seconds that earlier attempts have worked. */
  readonly secondsBefore: number;
}

/**
 * A task's turn within its last submission, or within the one that is named.
 * @throws CharloomError('not-found') for a task that does not exist
 */
export async function readTaskTurn(sweep: OpenSweep, index: number, number?: number): Promise<TaskTurn> {
  const entry = taskOf(sweep.tasks, index);
  const submissions = await readSubmissions(sweep.folder);
  const submission = submissions.findLast((one) =>
    number === undefined ? one.refusal === null && one.tasks.has(index) : one.number === number,
  );
  const before = await readTaskState(taskPaths(sweep.folder, index, sweep.tasks.length).state);
  const runFolder = join(sweep.runsFolder, entry.run);
  const run = await readStoredRun(runFolder).catch(() => undefined);
  return {
    entry,
    runFolder,
    variantBefore: run === undefined || isPlanned(run) ? null : run.backend.variant,
    submission: submission?.number ?? 0,
    engine: submission?.engine ?? null,
    hours: submission?.hours ?? null,
    isUnstopped: submission?.isUnstopped ?? false,
    secondsBefore: before?.seconds ?? 0,
  };
}
