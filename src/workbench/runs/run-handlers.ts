import { runPaths } from '../../node/files/run-folder.ts';
import { readSamples } from '../../node/files/sample-log.ts';
import { compareRuns } from '../../runs/compare.ts';
import { evaluationOf, readMetricsOrProblem, type RunHistory } from '../../runs/history.ts';
import type { ComparedRun } from '../../runs/ranking.ts';
import { courseOf } from '../../runs/course.ts';
import { withRemedy } from '../../runs/remedy.ts';
import { judgeRun } from '../../runs/verdict.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import { shownNames } from '../../shared/format/shown-names.ts';
import type { RequestHandlers, RequestParams, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { Removal } from '../../shared/domain/checkpoint.ts';
import { maxTags, type Run, type RunDetail } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { resumeRun } from '../sweeps/resume-run.ts';
import { importRunText } from './import-run-text.ts';
import { LogFollower } from './log-follower.ts';
import { start, unqueue } from './queueing.ts';
import { baselinesOf } from './run-files.ts';
import { RunStream } from './run-stream.ts';

type Names = Exclude<Extract<keyof RequestHandlers, `runs.${string}`>, 'runs.reveal'>;

export function runHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { library, scheduler } = context;
  return {
    'runs.list': () => library.list(),
    'runs.get': ({ run }) => describeRun(context, run),
    'runs.importText': ({ run }) => importRunText(context, run),
    'runs.samples': async ({ run }) => readSamples(runPaths(library.folder(run)).samples),
    'runs.start': ({ requests }) => start(context, requests),
    'runs.resume': (params) => resumeRun(context, params),
    'runs.pause': ({ run }) => act(() => byHand(context, run, (id) => scheduler.pause(id))),
    'runs.continue': ({ run }) => act(() => byHand(context, run, (id) => scheduler.continue(id))),
    'runs.checkpoint': ({ run }) => act(() => scheduler.checkpoint(run)),
    // Not awaited: a last measurement may take a while, and the page shows its progress.
    'runs.stop': ({ run }) => act(() => void scheduler.stop(run).catch(context.options.onDefect)),
    'runs.suspend': ({ run }) => act(() => void scheduler.suspend(run).catch(context.options.onDefect)),
    'runs.unqueue': ({ run }) => unqueue(context, run),
    'runs.reorder': async ({ run, place }) => {
      if (await scheduler.reorder(run, place)) return null;
      throw new CharloomError('not-found', 'This run is not in the queue.');
    },
    'runs.describe': (params) => describe(context, params),
    'runs.tag': ({ changes }) => tag(context, changes),
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

/** The user's decisions on a run take precedence over the power supply. */
function byHand({ battery }: WorkbenchContext, run: string, work: (id: string) => void): void {
  work(run);
  battery.release(run);
}

async function describeRun({ library, texts }: WorkbenchContext, id: string): Promise<RunDetail> {
  const run = await library.get(id);
  const folder = library.folder(id);
  const { history, problem } = await readMetricsOrProblem(folder);
  const log = await new LogFollower(folder).read();
  return {
    run,
    text: texts.idOf(run.text.path),
    baselines: await baselinesOf(folder),
    verdict: withRemedy(judgeRun(history, courseOf(run)), run.settings, run.state),
    log: problem === null ? log : [...log, problem.problem],
  };
}

async function describe(
  { library, notes, changes }: WorkbenchContext,
  { run, name, note }: RequestParams<'runs.describe'>,
): Promise<Run> {
  const { path, settings } = await library.get(run);
  await notes.change(path, (before) => ({ ...before, name: name === settings?.name ? null : name, note }));
  await changes.refresh();
  return library.get(run);
}

async function tag(
  { library, notes, changes }: WorkbenchContext,
  wishes: RequestParams<'runs.tag'>['changes'],
): Promise<null> {
  for (const { run, add, remove } of wishes) {
    const { path } = await library.get(run);
    await notes.change(path, (before) => ({ ...before, tags: retagged(before.tags, add, remove) }));
  }
  await changes.refresh();
  return null;
}

/** The tags, in the order in which they were added. */
function retagged(
  before: readonly string[],
  add: readonly string[],
  remove: readonly string[],
): readonly string[] {
  const tags = [...new Set([...before.filter((each) => !remove.includes(each)), ...add])];
  if (tags.length <= maxTags) return tags;
  throw new CharloomError('usage', `A run takes at most ${maxTags} tags.`, { fix: 'Remove one first.' });
}

async function remove(context: WorkbenchContext, ids: readonly string[]): Promise<Removal> {
  const { library, trash, changes } = context;
  const paths: string[] = [];
  const kept: { file: string; reason: string }[] = [];
  for (const id of new Set(ids)) {
    const run = await library.get(id);
    if (isBusy(run.state)) kept.push({ file: run.name, reason: 'it is training or waiting in the queue' });
    else paths.push(library.folder(id));
  }
  const removal = await trash.remove(paths, kept);
  for (const id of ids) library.forget(id);
  await changes.refresh();
  return removal;
}

async function compare({ library }: WorkbenchContext, ids: readonly string[]) {
  const nameOf = shownNames(await library.list());
  const runs = await Promise.all(ids.map((id) => library.get(id)));
  return compareRuns(await Promise.all(runs.map(async (run) => comparedRun({ ...run, name: nameOf(run) }))));
}

async function comparedRun(run: Run): Promise<ComparedRun> {
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
