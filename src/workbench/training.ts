import { join } from 'node:path';
import { readRunRecord } from '../host/files/run-folder.ts';
import type { Outcome } from '../runs/processes/compute-task.ts';
import { chooseEngine } from '../runs/training/choose-engine.ts';
import { RunQueue, type QueuedRun } from '../runs/training/queue.ts';
import { idOf, TrainingDesk, type ActiveRun, type TrainingEvents } from '../runs/training/training-desk.ts';
import { defaultSampleSettings, type SampleSettings } from '../shared/domain/sample-settings.ts';
import type { RunSettings } from '../shared/domain/run-settings.ts';
import { formatLoss } from '../shared/format/numbers.ts';
import { assertNever } from '../shared/errors.ts';
import type { WorkbenchContext } from './context.ts';
import type { Notices } from './notices.ts';
import { planPrune } from './checkpoints/prune.ts';
import { contained } from './storage/contained.ts';
import type { WorkbenchOptions } from './workbench.ts';

/** A vocabulary nobody has counted yet is taken for a usual one: it only decides which backend is tried to be faster. */
const usualVocabulary = 96;
/** Milliseconds between two tellings that a live run has got further. */
const tellEvery = 500;

/** What the desk's events need; it is made after the desk. */
type Hearing = () => WorkbenchContext;

/** Opens the desk that trains the queue, and lets the workbench hear of everything. */
export async function openTrainingDesk(
  options: WorkbenchOptions,
  notices: Notices,
  context: Hearing,
): Promise<TrainingDesk> {
  const queue = await RunQueue.open(join(options.homeFolder, 'queue.json'), (movedTo) =>
    notices.tell({
      kind: 'notice',
      level: 'warning',
      message: `The queue of runs could not be read and is empty now; the damaged file is kept as ${movedTo}.`,
      run: null,
    }),
  );
  return new TrainingDesk({
    ...{ queue, fork: options.fork, runsFolder: options.runsFolder },
    samples: () => samplesOf(options),
    settingsOf,
    chooseEngine: async (run, settings) => {
      const vocabularySize = await vocabularySizeOf(run, context());
      const request = { settings, vocabularySize, choice: run.backend, threads: run.threads };
      return chooseEngine(request, options.fork);
    },
    events: trainingEvents(options, context),
  });
}

function samplesOf({ settings }: WorkbenchOptions): SampleSettings | null {
  const { samplePrompt, sampleTemperature, sampleLength } = settings.get();
  if (sampleLength === 0) return null;
  return {
    ...defaultSampleSettings,
    ...{ primeText: samplePrompt, temperature: sampleTemperature, length: sampleLength },
  };
}

async function settingsOf(run: QueuedRun): Promise<RunSettings> {
  return run.kind === 'start' ? run.settings : (await readRunRecord(run.folder)).settings;
}

async function vocabularySizeOf(run: QueuedRun, { texts }: WorkbenchContext): Promise<number> {
  if (run.kind === 'resume') return (await readRunRecord(run.folder)).spec.vocabularySize;
  const id = texts.idOf(run.textPath);
  return (id === null ? null : texts.vocabularySize(id)) ?? usualVocabulary;
}

function trainingEvents(options: WorkbenchOptions, context: Hearing): TrainingEvents {
  const look = (): void => void context().changes.look();
  let told = -Infinity;
  const notice = (level: 'good' | 'warning' | 'bad', message: string, run: string): void =>
    context().notices.tell({ kind: 'notice', level, message, run });
  return {
    onQueue: look,
    onState: (active, was) => {
      // A run that has got its folder is another one to pages: what it told under its old name goes on under the new.
      if (active.id !== was) context().events.forget(was);
      look();
    },
    onItem: (id, raw) => {
      const item = context().events.emit(id, raw);
      if (item.kind === 'steps') context().library.noteIteration(id, item.steps.iteration.at(-1) ?? 0);
      if (item.kind === 'checkpoint') {
        void keepBest(context(), options, id).catch(options.onDefect).finally(look);
      } else if (item.kind !== 'busy' && performance.now() - told > tellEvery) {
        told = performance.now();
        look();
      }
    },
    onNotice: (id, message) => notice('warning', message, id),
    onEnded: (active, outcome) => {
      context().events.forget(active.id);
      void tellEnd(active, outcome, context(), notice).catch(options.onDefect).finally(look);
    },
  };
}

/** Tidies up a run as the settings say. Training needs its last checkpoint and those it may go back to, which are never old ones. */
async function keepBest(
  { library, trash }: WorkbenchContext,
  options: WorkbenchOptions,
  id: string,
): Promise<void> {
  const { keepBest: keep } = options.settings.get();
  if (keep === 0) return;
  const { remove } = await planPrune(contained(library.runsFolder, id), keep);
  if (remove.length > 0) await trash.remove(remove);
}

async function tellEnd(
  active: ActiveRun,
  outcome: Outcome,
  { library }: WorkbenchContext,
  notice: (level: 'good' | 'warning' | 'bad', message: string, run: string) => void,
): Promise<void> {
  const run = await library.get(active.id).catch(() => undefined);
  const name =
    run?.name ?? (active.queued.kind === 'start' ? active.queued.settings.name : idOf(active.queued));
  const best = !run?.best ? '' : ` Best validation loss ${formatLoss(run.best.validationLoss)}.`;
  switch (outcome.kind) {
    case 'failed':
      return notice(
        'bad',
        `“${name}” could not go on: ${outcome.failure.message}${outcome.failure.fix === null ? '' : ` ${outcome.failure.fix}`}`,
        active.id,
      );
    case 'crashed':
      return notice(
        'bad',
        `“${name}” was interrupted. ${outcome.message} Resume goes on from its last save.`,
        active.id,
      );
    case 'done':
      if (outcome.end === 'finished') return notice('good', `“${name}” is finished.${best}`, active.id);
      if (outcome.end === 'exploded')
        return notice('bad', `The loss of “${name}” exploded; every checkpoint is kept.`, active.id);
      return undefined;
    default:
      return assertNever(outcome);
  }
}
