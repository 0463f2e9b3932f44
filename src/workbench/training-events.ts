import { appendToLog } from '../node/files/run-folder.ts';
import { readRunMark } from '../node/sweeps/run-mark.ts';
import type { Outcome, TaskOutcome } from '../processes/compute-task.ts';
import type { ActiveRun, TrainingEvents } from '../processes/scheduler-types.ts';
import type { RunEnd } from '../shared/domain/run-end.ts';
import { CharloomError } from '../shared/errors.ts';
import { keepBest } from './checkpoints/keep-best.ts';
import type { WorkbenchContext } from './context.ts';
import { describeRunEnd } from './runs/run-end.ts';
import { earlyEndOf } from './sweeps/early-end.ts';
import type { WorkbenchOptions } from './workbench-types.ts';

/** Minimum milliseconds between two reports of a live run's progress. */
const reportIntervalMs = 500;

/** Reactions to the scheduler's reports: pages are informed, lists updated, runs tidied. */
export function trainingEvents(options: WorkbenchOptions, context: () => WorkbenchContext): TrainingEvents {
  let told = -Infinity;
  /** The run that waits for disk space, if that has been reported. */
  let held: string | undefined;
  const refresh = (): void => void context().changes.refresh();
  const lookAtProgress = (): void => void followProgress(options, context());
  const attempt = (work: Promise<void>): void => void work.catch(options.onDefect).finally(refresh);
  return {
    onQueue: refresh,
    onState: (active) => {
      context().events.state(active.id);
      lookAtProgress();
      refresh();
    },
    onStarted: ({ id }) => {
      context().library.noteCrash(id, undefined);
      context().events.begin(id);
    },
    onItem: (id, item) => {
      const { events, library, changes } = context();
      events.emit(id, item);
      if (item.kind === 'state') {
        const isHeld = item.state === 'paused' && item.reason !== undefined;
        if (isHeld && held !== id) attempt(tellHeld(context(), id, item.reason));
        held = isHeld ? id : undefined;
        // Its files may have no room for it.
        if (item.state === 'suspended') library.noteCrash(id, item.reason);
      }
      if (item.kind === 'steps') library.noteIteration(id, item.steps.iteration.at(-1) ?? 0);
      if (item.kind === 'checkpoint') attempt(keepBest(context(), id, 'training'));
      else if (item.kind !== 'busy' && performance.now() - told > reportIntervalMs) {
        told = performance.now();
        void changes.lookAt(id);
        lookAtProgress();
      }
    },
    onNotice: (run, message) => context().notices.emit({ kind: 'notice', level: 'warning', message, run }),
    onLost: (active, outcome, why) => attempt(tellLost(context(), active, outcome, why)),
    onEnded: (active, outcome) => {
      held = undefined;
      attempt(end(context(), active, outcome));
      lookAtProgress();
    },
  };
}

/** Reports a run that waits until there is disk space, without having been paused by the user. */
async function tellHeld(
  { library, notices, ends }: WorkbenchContext,
  id: string,
  reason: string,
): Promise<void> {
  const { name } = await library.get(id);
  const message = `“${name}” is paused. ${reason} It then resumes automatically.`;
  const news: RunEnd = { run: id, name, how: 'held', level: 'warning', message };
  notices.emit({ kind: 'ended', end: news });
  ends.emit(news);
}

/** Reports a run that resumes automatically after its backend was lost. */
async function tellLost(
  { library, notices, options }: WorkbenchContext,
  { id, folder }: ActiveRun,
  outcome: TaskOutcome,
  why: string,
): Promise<void> {
  // The report of a process that ended normally is already in the run's log.
  const lines = outcome.kind === 'crashed' ? [outcome.message, ...outcome.lastWords] : [];
  await keepLines(folder, lines).catch(options.onDefect);
  const { name } = await library.get(id);
  notices.emit({ kind: 'notice', level: 'warning', message: `“${name}”: ${why}`, run: id });
}

async function followProgress({ onDefect }: WorkbenchOptions, { progress }: WorkbenchContext): Promise<void> {
  await progress.refresh().catch((error: unknown) => {
    // A run may be removed while it is being viewed: then there is nothing to show.
    if (!(error instanceof CharloomError)) onDefect(error);
  });
}

async function end(context: WorkbenchContext, active: ActiveRun, outcome: Outcome): Promise<void> {
  const { events, library, notices, ends } = context;
  events.forget(active.id);
  // A full disk prevented it from recording this: its file still says that it is running.
  if (outcome.kind === 'failed') library.noteCrash(active.id, outcome.failure.message);
  if (outcome.kind === 'crashed' || outcome.kind === 'lost') {
    library.noteCrash(active.id, outcome.message);
    const lines = [outcome.message, ...outcome.lastWords];
    // A full disk may have ended it: the report is sent anyway.
    await keepLines(active.folder, lines).catch(context.options.onDefect);
  }
  events.state(active.id);
  const run = await library.get(active.id).catch(() => undefined);
  const early = outcome.kind === 'done' ? await earlyEndOf(active.folder) : null;
  const news = describeRunEnd(active, outcome, { run, early });
  const isPartOfPlan =
    news?.how === 'finished' || (news?.how === 'stopped-early' && early?.isForAll !== true);
  if (news !== undefined && !(isPartOfPlan && (await isOneOfMany(context, active)))) {
    notices.emit({ kind: 'ended', end: news });
    ends.emit(news);
  }
  await keepBest(context, active.id, 'ended');
}

/** Whether a run belongs to a sweep with other waiting runs: the sweep's page shows the progress, and a hundred messages would add nothing. */
async function isOneOfMany(
  { library, scheduler }: WorkbenchContext,
  { folder }: ActiveRun,
): Promise<boolean> {
  const mark = await readRunMark(folder);
  if (mark === undefined) return false;
  // It may have started already.
  const next = scheduler.active ?? scheduler.waiting[0];
  return next !== undefined && (await readRunMark(library.folder(next.id)))?.sweep === mark.sweep;
}

async function keepLines(folder: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) await appendToLog(folder, line);
}
