import { appendToLog } from '../host/files/run-folder.ts';
import type { Outcome } from '../runs/processes/compute-task.ts';
import { idOf, type ActiveRun, type TrainingEvents } from '../runs/training/training-desk.ts';
import { assertNever } from '../shared/errors.ts';
import { formatLoss } from '../shared/format/numbers.ts';
import { keepBest } from './checkpoints/keep-best.ts';
import type { WorkbenchContext } from './context.ts';
import type { WorkbenchOptions } from './workbench-types.ts';

/** Milliseconds between two tellings that a live run has got further. */
const tellEvery = 500;

type Level = 'good' | 'warning' | 'bad';

/** What happens when the desk tells something: pages hear of it, lists are brought up to date, runs are tidied. */
export function trainingEvents(options: WorkbenchOptions, context: () => WorkbenchContext): TrainingEvents {
  let told = -Infinity;
  const look = (): void => void context().changes.look();
  const tellTraining = (): void => context().training.tell(context().desk.active !== undefined);
  const attempt = (work: Promise<void>): void => void work.catch(options.onDefect).finally(look);
  return {
    onQueue: look,
    onState: (active, was) => {
      // A run that has got its folder is another one to pages: what it told under its old name goes on under the new.
      if (active.id !== was) context().events.forget(was);
      context().events.state(active.id);
      tellTraining();
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
      }
    },
    onNotice: (id, message) => tellNotice(context(), 'warning', message, id),
    onEnded: (active, outcome) => {
      attempt(end(context(), active, outcome));
      tellTraining();
    },
  };
}

function tellNotice({ notices }: WorkbenchContext, level: Level, message: string, run: string): void {
  notices.tell({ kind: 'notice', level, message, run });
}

async function end(context: WorkbenchContext, active: ActiveRun, outcome: Outcome): Promise<void> {
  const { events, library } = context;
  events.forget(active.id);
  if (outcome.kind === 'crashed' && active.folder !== null) {
    library.noteCrash(active.id, outcome.message);
    for (const line of [outcome.message, ...outcome.lastWords]) await appendToLog(active.folder, line);
  }
  events.state(active.id);
  const [level, message] = (await describeEnd(context, active, outcome)) ?? [];
  if (level !== undefined && message !== undefined) tellNotice(context, level, message, active.id);
  if (active.folder !== null) await keepBest(context, active.id, 'ended');
}

/** Undefined when somebody ended it on purpose and knows. */
async function describeEnd(
  { library }: WorkbenchContext,
  { id, queued }: ActiveRun,
  outcome: Outcome,
): Promise<readonly [Level, string] | undefined> {
  const run = await library.get(id).catch(() => undefined);
  const name = `“${run?.name ?? (queued.kind === 'start' ? queued.settings.name : idOf(queued))}”`;
  switch (outcome.kind) {
    case 'failed': {
      const { message, fix } = outcome.failure;
      return ['bad', `${name} could not go on: ${message}${fix === null ? '' : ` ${fix}`}`];
    }
    case 'crashed':
      return ['bad', `${name} was interrupted. ${outcome.message} Resume goes on from its last save.`];
    case 'done':
      if (outcome.end === 'exploded')
        return ['bad', `The loss of ${name} exploded; every checkpoint is kept.`];
      if (outcome.end !== 'finished') return undefined;
      return [
        'good',
        run?.best
          ? `${name} is finished. Best validation loss ${formatLoss(run.best.validationLoss)}.`
          : `${name} is finished.`,
      ];
    default:
      return assertNever(outcome);
  }
}
