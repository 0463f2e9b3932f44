import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exists } from '../../node/files/exists.ts';
import { runFolderName } from '../../node/files/names.ts';
import { planSweep, type PlannedSweep } from '../../node/sweeps/plan-sweep.ts';
import { sweepExtension } from '../../node/sweeps/sweep-folder.ts';
import { countInProcess } from '../../processes/documents/count-text.ts';
import type { SweepHead, SweepRequest } from '../../shared/domain/sweep.ts';
import type { Text } from '../../shared/domain/text.ts';
import type { WorkbenchContext } from '../context.ts';
import { modelPath } from '../models/model-path.ts';
import { withTitle } from '../texts/with-title.ts';
import { queueTasks } from './queue-tasks.ts';

/**
 * Plans a sweep and adds its runs to the queue: all of them or none.
 * @throws CharloomError as planSweep and countInProcess do; 'run-busy' if nothing can be trained
 */
export async function startSweep(context: WorkbenchContext, request: SweepRequest): Promise<SweepHead> {
  const { run, hours } = request;
  context.scheduler.requireQueue();
  const text = await context.texts.get(run.text);
  const { initializeFrom } = run;
  const initFrom = initializeFrom === null ? null : (await modelPath(context, initializeFrom)).path;
  const { folder, record, tasks } = await plan(context, request, { text, initFrom });
  try {
    const { path, title } = text;
    const indices = tasks.map(({ index }) => index);
    const origin = { text: { path, title }, initFrom };
    await queueTasks(context, folder, { indices, origin, hours, isUnstopped: false });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const { name, created } = record;
  return { id: basename(folder), name, path: folder, created, tasks: tasks.length };
}

interface Origin {
  readonly text: Text;
  readonly initFrom: string | null;
}

/** A process reads the text; pages show this, and can cancel it. */
async function plan(
  { library, options, readings }: WorkbenchContext,
  { run, space, earlyStopping }: SweepRequest,
  { text, initFrom }: Origin,
): Promise<PlannedSweep> {
  const runsFolder = resolve(library.runsFolder);
  const { path, title } = text;
  const { encoding, settings, backend, threads, vocabulary = null } = run;
  const request = {
    runsFolder,
    name: await freeName(runsFolder, settings.name),
    space,
    earlyStopping,
    settings,
    text: { path, title, encoding },
    initFrom,
    vocabulary,
    backend,
    threads,
  };
  return planSweep(request, (reading) =>
    readings
      .during(title, (hooks) => countInProcess(options.fork, reading, hooks))
      .catch((error: unknown) => {
        throw withTitle(error, text);
      }),
  );
}

/** `novel`, or `novel 2` if a sweep or a sweep's run already has the name. */
async function freeName(runsFolder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name.slice(0, 70).trimEnd()} ${count}`;
    const folder = runFolderName(candidate, 1);
    const paths = [`${folder}${sweepExtension}`, `${folder}-001`].map((each) => join(runsFolder, each));
    const taken = await Promise.all(paths.map(exists));
    if (!taken.includes(true)) return candidate;
  }
}
