import { appendToLog } from '../host/files/run-folder.ts';
import type { Outcome } from '../runs/processes/compute-task.ts';
import type { ActiveRun, TrainingEvents } from '../runs/training/desk-contract.ts';
import { CharloomError } from '../shared/errors.ts';
import { keepBest } from './checkpoints/keep-best.ts';
import type { WorkbenchContext } from './context.ts';
import { describeRunEnd } from './runs/run-end.ts';
import type { WorkbenchOptions } from './workbench-types.ts';

/** Milliseconds between two tellings that a live run has got further. */
const tellEvery = 500;

/** What happens when the desk tells something: pages hear of it, lists are brought up to date, runs are tidied. */
export function trainingEvents(options: WorkbenchOptions, context: () => WorkbenchContext): TrainingEvents {
  let told = -Infinity;
  const look = (): void => void context().changes.look();
  const lookAtProgress = (): void => void followProgress(options, context());
  const attempt = (work: Promise<void>): void => void work.catch(options.onDefect).finally(look);
  return {
    onQueue: look,
    onState: (active, was) => {
      // A run that has got its folder is another one to pages: what it told under its old name goes on under the new.
      if (active.id !== was) {
        context().library.noteRename(was, active.id);
        context().events.forget(was);
        context().events.state(was);
      }
      context().events.state(active.id);
      lookAtProgress();
      look();
    },
    onStarted: ({ id }) => {
      context().library.noteCrash(id, undefined);
      context().events.begin(id);
    },
    onItem: (id, raw) => {
      const { events, library, changes } = context();
      const item = events.emit(id, raw);
      if (item.kind === 'steps') library.noteIteration(id, item.steps.iteration.at(-1) ?? 0);
      if (item.kind === 'checkpoint') attempt(keepBest(context(), id, 'training'));
      else if (item.kind !== 'busy' && performance.now() - told > tellEvery) {
        told = performance.now();
        void changes.lookAt(id);
        lookAtProgress();
      }
    },
    onNotice: (run, message) => context().notices.tell({ kind: 'notice', level: 'warning', message, run }),
    onEnded: (active, outcome) => {
      attempt(end(context(), active, outcome));
      lookAtProgress();
    },
  };
}

async function followProgress({ onDefect }: WorkbenchOptions, { progress }: WorkbenchContext): Promise<void> {
  await progress.look().catch((error: unknown) => {
    // A run may be removed while somebody looks: then there is nothing to show.
    if (!(error instanceof CharloomError)) onDefect(error);
  });
}

async function end(context: WorkbenchContext, active: ActiveRun, outcome: Outcome): Promise<void> {
  const { events, library, notices, ends } = context;
  events.forget(active.id);
  // What a full disk kept it from writing down: its file says that it still runs.
  if (outcome.kind === 'failed') library.noteCrash(active.id, outcome.failure.message);
  if (outcome.kind === 'crashed' && active.folder !== null) {
    library.noteCrash(active.id, outcome.message);
    const lines = [outcome.message, ...outcome.lastWords];
    // A full disk may be what ended it: the news is told all the same.
    await keepLines(active.folder, lines).catch(context.options.onDefect);
  }
  events.state(active.id);
  const news = describeRunEnd(active, outcome, await library.get(active.id).catch(() => undefined));
  if (news !== undefined) {
    notices.tell({ kind: 'ended', end: news });
    ends.tell(news);
  }
  if (active.folder !== null) await keepBest(context, active.id, 'ended');
}

async function keepLines(folder: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) await appendToLog(folder, line);
}
