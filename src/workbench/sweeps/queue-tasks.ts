import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { RunPlan } from '../../node/files/planned-run.ts';
import { reserveRun } from '../../node/files/reserved-run.ts';
import { readStoredRun } from '../../node/files/run-folder.ts';
import { isPlanned } from '../../node/files/run-record.ts';
import { writeRunMark } from '../../node/sweeps/run-mark.ts';
import { sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { readSweepRecord, type SweepRecord } from '../../node/sweeps/sweep-record.ts';
import { readTaskList, taskOf, taskSettings, type SweepTaskEntry } from '../../node/sweeps/task-list.ts';
import { runFolderOf } from '../../runs/sweeps/overview.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { WorkbenchContext } from '../context.ts';
import { resume } from '../runs/queueing.ts';
import { noteQueued, type TaskLimits } from './task-limits.ts';

/** The text and the starting checkpoint of a task's run, if they are not those in the sweep's folder. */
export type TaskOrigin = Pick<RunPlan, 'text' | 'initFrom'>;

export interface QueuedTasks extends TaskLimits {
  readonly indices: readonly number[];
  /** Without it the text and the checkpoint in the sweep's folder are used. */
  readonly origin?: TaskOrigin;
}

/**
 * Adds tasks of a sweep to the queue: a started run resumes, any other starts. The submission is recorded first, so that the sweep's files say what
 * trains its tasks.
 */
export async function queueTasks(
  context: WorkbenchContext,
  folder: string,
  { indices, origin, ...limits }: QueuedTasks,
): Promise<void> {
  const { scheduler, changes } = context;
  scheduler.requireQueue();
  const record = await readSweepRecord(folder);
  const entries = await readTaskList(folder, record);
  const chosen = indices.map((index) => taskOf(entries, index));
  await noteQueued(folder, indices, limits);
  const made = await reserveMissing(folder, record, chosen, origin);
  // In the order of the tasks; consecutive new ones together, because each change of the queue is written to disk.
  let fresh: string[] = [];
  const enqueue = async (): Promise<void> => {
    if (fresh.length > 0) await scheduler.enqueue(fresh.map((id) => ({ id, resume: null })));
    fresh = [];
  };
  for (const { run } of chosen) {
    if (made.has(run)) fresh.push(run);
    else {
      await enqueue();
      await resumeTask(context, run);
    }
  }
  await enqueue();
  await changes.refresh();
}

/** Creates the folders of runs that have not started: all of them or none. Returns their names. */
async function reserveMissing(
  folder: string,
  record: SweepRecord,
  entries: readonly SweepTaskEntry[],
  origin: TaskOrigin | undefined,
): Promise<ReadonlySet<string>> {
  const made = new Set<string>();
  try {
    for (const entry of entries) {
      if (await isThere(runFolderOf(folder, entry))) continue;
      await reserve(folder, record, entry, origin);
      made.add(entry.run);
    }
    return made;
  } catch (error) {
    for (const run of made) await rm(runFolderOf(folder, { run }), { recursive: true, force: true });
    throw error;
  }
}

async function isThere(runFolder: string): Promise<boolean> {
  return readStoredRun(runFolder).then(
    () => true,
    (error: unknown) => !(error instanceof CharloomError && error.code === 'not-found'),
  );
}

async function resumeTask(context: WorkbenchContext, run: string): Promise<void> {
  const { state } = await context.library.get(run);
  if (!isBusy(state)) await resume(context, { run, changes: {}, text: null });
}

/** Creates the folder of a task's run under its planned name. */
async function reserve(
  folder: string,
  record: SweepRecord,
  entry: SweepTaskEntry,
  origin: TaskOrigin | undefined,
): Promise<void> {
  const { text, initial } = sweepPaths(folder);
  const plan: RunPlan = {
    text: { path: text, title: record.text.title },
    initFrom: record.isWarmStarted ? initial : null,
    ...origin,
    encoding: record.text.encoding,
    vocabulary: record.vocabulary,
    backend: record.backend,
    threads: record.threads,
  };
  const settings = taskSettings(record, entry);
  const path = await reserveRun(dirname(folder), { settings, plan, created: new Date().toISOString() });
  if (basename(path) !== entry.run) {
    await rm(path, { recursive: true, force: true });
    throw new CharloomError('usage', `The name of the run ${entry.run} is taken.`, {
      fix: 'Move what has that name out of the runs folder.',
    });
  }
  const { name, key } = record;
  const mark = { sweep: basename(folder), name, key, index: entry.index, changes: entry.changes };
  await writeRunMark(path, { formatVersion: 1, ...mark });
}

/**
 * Removes a task from the queue, or lets its run save and end. The folder of a run that has not started is removed: the sweep's files contain
 * everything in it.
 */
export async function unqueueTask({ library, scheduler }: WorkbenchContext, run: string): Promise<void> {
  if (scheduler.active?.id === run) {
    await scheduler.suspend(run);
    return;
  }
  if (!(await scheduler.unqueue(run))) return;
  const path = library.folder(run);
  const isUnstarted = await readStoredRun(path).then(isPlanned, () => false);
  if (!isUnstarted) return;
  await rm(path, { recursive: true, force: true });
  library.forget(run);
}
