import { rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { runFolderName } from '../../node/files/names.ts';
import { planSweep } from '../../node/sweeps/plan-sweep.ts';
import { sweepExtension } from '../../node/sweeps/sweep-folder.ts';
import type { SweepHead, SweepRequest } from '../../shared/domain/sweep.ts';
import type { WorkbenchContext } from '../context.ts';
import { modelPath } from '../models/model-path.ts';
import { queueTasks } from './queue-tasks.ts';

/**
 * Plans a sweep and puts all of its runs into the queue: all of them or none.
 * @throws CharloomError as planSweep does; 'run-busy' where nothing can be trained
 */
export async function startSweep(
  context: WorkbenchContext,
  { run, space }: SweepRequest,
): Promise<SweepHead> {
  const { scheduler, library, texts } = context;
  scheduler.requireQueue();
  const runsFolder = resolve(library.runsFolder);
  const { path, title } = await texts.get(run.text);
  const { encoding, settings, backend, threads, initializeFrom, vocabulary = null } = run;
  const initFrom = initializeFrom === null ? null : (await modelPath(context, initializeFrom)).path;
  const { folder, record, tasks } = await planSweep({
    runsFolder,
    name: await freeName(runsFolder, settings.name),
    space,
    earlyStopping: null,
    settings,
    text: { path, title, encoding },
    initFrom,
    vocabulary,
    backend,
    threads,
  });
  try {
    const indices = tasks.map(({ index }) => index);
    await queueTasks(context, folder, indices, { text: { path, title }, initFrom });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const { name, created } = record;
  return { id: basename(folder), name, path: folder, created, tasks: tasks.length };
}

/** `novel`, or `novel 2` where there is a sweep or the run of one already. */
async function freeName(runsFolder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name.slice(0, 70).trimEnd()} ${count}`;
    const folder = runFolderName(candidate, 1);
    const paths = [`${folder}${sweepExtension}`, `${folder}-001`].map((each) => join(runsFolder, each));
    const taken = await Promise.all(paths.map(isThere));
    if (!taken.includes(true)) return candidate;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
