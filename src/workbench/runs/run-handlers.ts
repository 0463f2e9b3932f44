import { randomUUID } from 'node:crypto';
import { readRunRecord, runPaths } from '../../node/files/run-folder.ts';
import { readSamples, viewSample } from '../../node/files/sample-log.ts';
import { resumeBackend } from '../../node/session/resume-backend.ts';
import { compareRuns } from '../../runs/compare.ts';
import { evaluationOf, readMetricsOrProblem, type RunHistory } from '../../runs/history.ts';
import type { ComparedRun } from '../../runs/ranking.ts';
import { withRemedy } from '../../runs/remedy.ts';
import type { QueuedRun } from '../../processes/queue.ts';
import { judgeRun } from '../../runs/verdict.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { RequestHandlers, RequestParams, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { Removal } from '../../shared/domain/checkpoint.ts';
import { isBusy, type Run, type RunDetail, type RunRequest } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { modelPath } from '../models/model-path.ts';
import { importRunText } from './import-run-text.ts';
import { baselinesOf, lastLogLines } from './run-files.ts';
import { RunStream } from './run-stream.ts';

type Names = Exclude<Extract<keyof RequestHandlers, `runs.${string}`>, 'runs.reveal'>;

export function runHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { library, scheduler } = context;
  return {
    'runs.list': () => library.list(),
    'runs.get': ({ run }) => describeRun(context, run),
    'runs.bringText': ({ run }) => importRunText(context, run),
    'runs.samples': async ({ run }) =>
      (await readSamples(runPaths(library.folder(run)).samples)).map(viewSample),
    'runs.start': async ({ requests }) => start(context, requests),
    'runs.resume': (params) => resume(context, params),
    'runs.pause': ({ run }) => act(() => byHand(context, run, (id) => scheduler.pause(id))),
    'runs.continue': ({ run }) => act(() => byHand(context, run, (id) => scheduler.continue(id))),
    'runs.checkpoint': ({ run }) => act(() => scheduler.checkpoint(library.currentId(run))),
    // Not awaited: a last measurement may take a while, and the page sees how it goes.
    'runs.stop': ({ run }) =>
      act(() => void scheduler.stop(library.currentId(run)).catch(context.options.onDefect)),
    'runs.suspend': ({ run }) =>
      act(() => void scheduler.suspend(library.currentId(run)).catch(context.options.onDefect)),
    'runs.unqueue': async ({ run }) => unqueue(context, run),
    'runs.reorder': async ({ run, place }) => {
      await scheduler.reorder(await queueId(context, run), place);
      return null;
    },
    'runs.describe': (params) => describe(context, params),
    'runs.remove': ({ runs }) => remove(context, runs),
    'runs.compare': ({ runs }) => compare(context, runs),
  };
}

export function runStreams({ library, events }: WorkbenchContext): Pick<StreamHandlers, 'runs.watch'> {
  return { 'runs.watch': ({ run }, side) => new RunStream(library, events, side).watch(run) };
}

function act(work: () => void): null {
  work();
  return null;
}

/** What a person decides on a run stands above what the computer runs on. */
function byHand({ library, battery }: WorkbenchContext, run: string, work: (id: string) => void): void {
  const id = library.currentId(run);
  work(id);
  battery.release(id);
}

async function describeRun({ library, texts }: WorkbenchContext, id: string): Promise<RunDetail> {
  const run = await library.get(id);
  // A run that waits has no folder: nothing is found there.
  const folder = library.folder(id);
  const { history, problem } = await readMetricsOrProblem(folder);
  const log = await lastLogLines(folder);
  return {
    run,
    text: texts.idOf(run.text.path),
    baselines: await baselinesOf(folder),
    verdict: withRemedy(judgeRun(history), run.settings, !isBusy(run.state)),
    log: problem === null ? log : [...log, problem.problem],
  };
}

async function start(context: WorkbenchContext, requests: readonly RunRequest[]): Promise<readonly Run[]> {
  const queued: QueuedRun[] = [];
  for (const request of requests) queued.push(await queuedRun(context, request));
  await context.scheduler.enqueue(queued);
  await context.changes.refresh();
  return Promise.all(queued.map(({ id }) => context.library.get(id)));
}

async function queuedRun(context: WorkbenchContext, request: RunRequest): Promise<QueuedRun> {
  const text = await context.texts.get(request.text);
  const { encoding, settings, backend, threads, initializeFrom } = request;
  return {
    kind: 'start',
    id: `queued-${randomUUID().slice(0, 8)}`,
    created: new Date().toISOString(),
    textPath: text.path,
    textTitle: text.title,
    ...{ encoding, settings, backend, threads },
    initFrom: initializeFrom === null ? null : (await modelPath(context, initializeFrom)).path,
  };
}

async function resume(context: WorkbenchContext, params: RequestParams<'runs.resume'>): Promise<Run> {
  const { library, scheduler, texts, changes, options } = context;
  const run = await library.get(params.run);
  if (isBusy(run.state)) {
    throw new CharloomError('run-busy', 'This run is being trained, or waits for its turn.');
  }
  const backend = await resumeBackend(await readRunRecord(run.path));
  const { threads } = options.settings.get();
  await scheduler.enqueue([
    {
      kind: 'resume',
      id: `queued-${randomUUID().slice(0, 8)}`,
      created: new Date().toISOString(),
      folder: run.path,
      textPath: params.text === null ? null : (await texts.get(params.text)).path,
      changes: params.changes,
      ...{ backend, threads },
    },
  ]);
  await changes.refresh();
  return library.get(params.run);
}

/** A run that waits to go on is known to pages by its folder, to the queue by its place. */
async function queueId({ scheduler, library }: WorkbenchContext, run: string): Promise<string> {
  const folder = library.folder(run);
  const queued = scheduler.waiting.find(
    (waiting) => waiting.id === run || (waiting.kind === 'resume' && waiting.folder === folder),
  );
  if (queued === undefined) throw new CharloomError('not-found', 'This run does not wait in the queue.');
  return queued.id;
}

async function unqueue(context: WorkbenchContext, run: string): Promise<null> {
  await context.scheduler.unqueue(await queueId(context, run));
  await context.changes.refresh();
  return null;
}

async function describe(
  { library, notes, changes }: WorkbenchContext,
  { run, name, note }: RequestParams<'runs.describe'>,
): Promise<Run> {
  const { path, settings } = await library.get(run);
  if (path === '') throw new CharloomError('usage', 'A run that waits has no notes yet.');
  await notes.change(path, (before) => ({ ...before, name: name === settings?.name ? null : name, note }));
  await changes.refresh();
  return library.get(run);
}

async function remove(context: WorkbenchContext, ids: readonly string[]): Promise<Removal> {
  const { library, trash, changes } = context;
  const paths: string[] = [];
  const kept: { file: string; reason: string }[] = [];
  for (const id of new Set(ids)) {
    const run = await library.get(id);
    if (isBusy(run.state))
      kept.push({ file: run.name, reason: 'it is being trained, or waits for its turn' });
    else paths.push(library.folder(id));
  }
  const removal = await trash.remove(paths, kept);
  for (const id of ids) library.forget(id);
  await changes.refresh();
  return removal;
}

async function compare({ library }: WorkbenchContext, ids: readonly string[]) {
  const runs = await Promise.all(ids.map((id) => library.get(id)));
  return compareRuns(await Promise.all(runs.map(comparedRun)));
}

async function comparedRun(run: Run): Promise<ComparedRun> {
  if (run.path === '') return { run, charactersPerSecond: null };
  const { history } = await readMetricsOrProblem(run.path);
  const bestParts = run.best === null ? undefined : evaluationOf(history, run.best)?.parts;
  return { run, charactersPerSecond: speedOf(run, history), bestParts };
}

/** From the median step, so that a pause or a slow minute does not count. */
function speedOf({ settings }: Run, { steps }: RunHistory): number | null {
  if (settings === null) return null;
  const durations = steps.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const median = durations[durations.length >> 1];
  return median === undefined || median === 0
    ? null
    : (settings.batchSize * settings.sequenceLength * 1000) / median;
}
