import { setTimeout as wait } from 'node:timers/promises';
import { noteCancelled } from '../../node/sweeps/cancellations.ts';
import { readSubmissions } from '../../node/sweeps/submissions.ts';
import { readSweepRecord } from '../../node/sweeps/sweep-record.ts';
import { readTaskList, taskOf } from '../../node/sweeps/task-list.ts';
import { cancelJobs } from '../../processes/slurm/cancel-jobs.ts';
import { SweepObserver } from '../../processes/sweeps/observe-sweep.ts';
import { listSweeps } from '../../runs/sweeps/find-sweep.ts';
import { isTaskUnderway, type SweepOverview } from '../../shared/domain/sweep.ts';
import { Listeners } from '../../shared/listeners.ts';
import { CharloomError } from '../../shared/errors.ts';
import type {
  RequestHandlers,
  RequestParams,
  StreamContext,
  StreamHandlers,
} from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { queueTasks, unqueueTask } from './queue-tasks.ts';
import { startSweep } from './start-sweep.ts';
import { limitsAgain } from './task-limits.ts';

type Names = Extract<keyof RequestHandlers, `sweeps.${string}`>;

/** Milliseconds between two checks of a sweep that other processes may train. */
const lookIntervalMs = 2000;
/** Milliseconds for which an answer of Slurm, which many people share, is reused. */
const slurmIntervalMs = 30_000;
/** Reading a large sweep or a slow disk may take no more than this share of the time. */
const lookingShare = 0.05;

/** Sweeps that a page has changed. */
const changed = new Listeners<string>();

export function sweepHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  return {
    'sweeps.list': () => listSweeps(context.library.runsFolder),
    'sweeps.start': (request) => startSweep(context, request),
    'sweeps.cancel': (params) => cancel(context, params),
    'sweeps.retry': (params) => retry(context, params),
  };
}

export function sweepStreams(context: WorkbenchContext): Pick<StreamHandlers, 'sweeps.watch'> {
  return { 'sweeps.watch': ({ sweep }, side) => watch(context, sweep, side) };
}

/** A sweep according to its files and the queue of this workbench. */
async function look(
  { library, scheduler }: WorkbenchContext,
  sweep: string,
  observer?: SweepObserver,
): Promise<SweepOverview> {
  const { active, waiting } = scheduler;
  const queued = new Set([...waiting.map(({ id }) => id), ...(active === undefined ? [] : [active.id])]);
  return observer === undefined
    ? new SweepObserver(library.folder(sweep)).settled({ queued })
    : observer.look({ queued });
}

async function watch(
  context: WorkbenchContext,
  sweep: string,
  side: StreamContext<'sweeps.watch'>,
): Promise<void> {
  const { signal } = side;
  const observer = new SweepObserver(context.library.folder(sweep), { jobsForMs: slurmIntervalMs });
  const stop = changed.add((id) => {
    if (id === sweep) observer.askAgain();
  });
  let told = '';
  while (!signal.aborted) {
    const started = performance.now();
    const overview = await look(context, sweep, observer);
    const text = JSON.stringify(overview);
    if (text !== told) side.push(overview);
    told = text;
    const delay = Math.max(lookIntervalMs, (performance.now() - started) / lookingShare);
    await pause(sweep, delay, signal);
  }
  stop();
}

/** Waits, but not beyond a change requested by a page. */
async function pause(sweep: string, delay: number, signal: AbortSignal): Promise<void> {
  const wake = new AbortController();
  const stop = changed.add((id) => id === sweep && wake.abort());
  await wait(delay, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => undefined);
  stop();
}

/** Recorded in the sweep's folder, where the processes that train its tasks read it; tasks that train or wait here are told immediately. */
async function cancel(
  context: WorkbenchContext,
  { sweep, tasks }: RequestParams<'sweeps.cancel'>,
): Promise<null> {
  const { library, changes } = context;
  const folder = library.folder(sweep);
  const entries = await readTaskList(folder, await readSweepRecord(folder));
  const chosen = tasks.map((index) => taskOf(entries, index));
  await noteCancelled(folder, tasks, await readSubmissions(folder));
  for (const message of await cancelJobs(folder, tasks))
    context.notices.emit({ kind: 'notice', level: 'warning', message, run: null });
  // Waiting tasks first: otherwise the next of them would start when the running one ends.
  const active = context.scheduler.active?.id;
  for (const { run } of chosen) if (run !== active) await unqueueTask(context, run);
  for (const { run } of chosen) if (run === active) await unqueueTask(context, run);
  await changes.refresh();
  changed.emit(sweep);
  return null;
}

async function retry(
  context: WorkbenchContext,
  { sweep, tasks }: RequestParams<'sweeps.retry'>,
): Promise<null> {
  const folder = context.library.folder(sweep);
  const overview = await look(context, sweep);
  if (overview.engine === 'slurm') {
    throw new CharloomError('usage', `${overview.name} is trained by a cluster.`, {
      fix: 'Retry its tasks there: charloom sweep retry.',
    });
  }
  const open = overview.tasks.filter(
    ({ index, state }) => tasks.includes(index) && !isTaskUnderway(state) && state !== 'finished',
  );
  for (const again of await limitsAgain({ folder, tasks: overview.tasks }, open))
    await queueTasks(context, folder, again);
  changed.emit(sweep);
  return null;
}
