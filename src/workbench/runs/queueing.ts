import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PlannedRun, RunPlan } from '../../node/files/planned-run.ts';
import { changePlannedRun, reserveRun } from '../../node/files/reserved-run.ts';
import { readRunRecord, readStoredRun } from '../../node/files/run-folder.ts';
import { isPlanned } from '../../node/files/run-record.ts';
import { resumeBackend } from '../../node/session/resume-backend.ts';
import type { QueuedRun } from '../../processes/queue-file.ts';
import { runSettingsSchema } from '../../shared/domain/run-settings.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import { resumedSettings } from '../../shared/planning/resumed-length.ts';
import { notResumable } from '../../shared/format/origin-words.ts';
import type { RequestParams } from '../../shared/ipc/contract.ts';
import type { Removal } from '../../shared/domain/checkpoint.ts';
import type { Run, RunRequest } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { modelPath } from '../models/model-path.ts';

/** Adds new runs to the queue, each in its own folder: all of them or none. */
export async function start(
  context: WorkbenchContext,
  requests: readonly RunRequest[],
): Promise<readonly Run[]> {
  const { scheduler, library, changes } = context;
  scheduler.requireQueue();
  const planned = [];
  for (const request of requests)
    planned.push({ settings: request.settings, plan: await planOf(context, request) });
  const folders: string[] = [];
  try {
    for (const { settings, plan } of planned) {
      const created = new Date().toISOString();
      folders.push(await reserveRun(library.runsFolder, { settings, plan, created }));
    }
    await scheduler.enqueue(folders.map((folder) => ({ id: basename(folder), resume: null })));
  } catch (error) {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await changes.refresh();
  return Promise.all(folders.map((folder) => library.get(basename(folder))));
}

async function planOf(context: WorkbenchContext, request: RunRequest): Promise<RunPlan> {
  const { path, title } = await context.texts.get(request.text);
  const { encoding, backend, threads, initializeFrom, vocabulary = null } = request;
  const initFrom = initializeFrom === null ? null : (await modelPath(context, initializeFrom)).path;
  return { text: { path, title }, encoding, initFrom, vocabulary, backend, threads };
}

/** Adds an inactive run to the queue again; a run that could not start is queued as it was planned. */
export async function resume(context: WorkbenchContext, params: RequestParams<'runs.resume'>): Promise<Run> {
  const { library, scheduler, changes } = context;
  scheduler.requireQueue();
  const { path, state } = await library.get(params.run);
  if (isBusy(state)) {
    throw new CharloomError('run-busy', 'This run is training or waiting in the queue.');
  }
  const isUnstarted = isPlanned(await readStoredRun(path));
  await scheduler.enqueue([
    isUnstarted ? await replan(context, path, params) : await resumption(context, path, params),
  ]);
  await changes.refresh();
  return library.get(params.run);
}

async function resumption(
  { texts, options }: WorkbenchContext,
  path: string,
  { run, text, changes, backend }: RequestParams<'runs.resume'>,
): Promise<QueuedRun> {
  const record = await readRunRecord(path);
  if (record.origin !== undefined) throw notResumable(record.settings.name);
  return {
    id: run,
    resume: {
      textPath: text === null ? null : (await texts.get(text)).path,
      changes: given(changes) as Record<string, string | number>,
      backend: backend ?? (await resumeBackend(record, options.graphics)),
      threads: options.settings.get().threads,
    },
  };
}

async function replan(
  { texts }: WorkbenchContext,
  path: string,
  { run, text, changes }: RequestParams<'runs.resume'>,
): Promise<QueuedRun> {
  const moved = text === null ? undefined : await texts.get(text);
  const again = await changePlannedRun(path, ({ settings, plan }: PlannedRun) => ({
    state: 'waiting',
    reason: null,
    settings: runSettingsSchema.parse(resumedSettings(settings, changes)),
    plan: moved === undefined ? plan : { ...plan, text: { path: moved.path, title: moved.title } },
  }));
  if (!again) throw new CharloomError('run-busy', 'This run has already started.');
  return { id: run, resume: null };
}

/** The actual changes: a page may send a setting whose value is undefined. */
function given(changes: RequestParams<'runs.resume'>['changes']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** Removes a run from the queue. The folder of one that has not started is moved to the trash; null for one that was to be resumed. */
export async function unqueue(context: WorkbenchContext, run: string): Promise<Removal | null> {
  const { scheduler, changes } = context;
  scheduler.requireQueue();
  // The queue knows whether it has started: its run.json may be damaged.
  const place = scheduler.waiting.findIndex(({ id }) => id === run);
  const queued = scheduler.waiting[place];
  if (queued === undefined || !(await scheduler.unqueue(run)))
    throw new CharloomError('not-found', 'This run is not in the queue.');
  try {
    return queued.resume === null ? await discard(context, run) : null;
  } catch (error) {
    // A run that could not be removed waits at its old position again.
    await scheduler.enqueue([queued]);
    await scheduler.reorder(run, place);
    throw error;
  } finally {
    await changes.refresh();
  }
}

async function discard({ library, trash }: WorkbenchContext, run: string): Promise<Removal> {
  const removal = await trash.remove([library.folder(run)]);
  library.forget(run);
  return removal;
}
