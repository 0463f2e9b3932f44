import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { chooseBackend, type BackendRequest } from '../processes/choose-backend.ts';
import type { RunTurn } from '../processes/scheduler-types.ts';
import { RunQueue } from '../processes/queue.ts';
import { readTaskReference, threadsOf } from '../processes/run-turn.ts';
import { TrainingScheduler } from '../processes/training-scheduler.ts';
import { defaultSampleSettings, type SampleSettings } from '../shared/domain/sample-settings.ts';
import { describeProblem, type CharloomError } from '../shared/errors.ts';
import type { WorkbenchContext } from './context.ts';
import type { Notices } from './notices.ts';
import { trainingEvents } from './training-events.ts';
import type { WorkbenchOptions } from './workbench-types.ts';

/** An uncounted vocabulary is assumed to have the usual size: it only decides which backend is tried. */
const usualVocabulary = 96;
/**
 * Opens the scheduler that trains the queue, and reports everything to the workbench.
 * @param context what the scheduler's events need, which is created after the scheduler
 */
export async function openTrainingScheduler(
  options: WorkbenchOptions,
  notices: Notices,
  context: () => WorkbenchContext,
): Promise<TrainingScheduler> {
  const { homeFolder, runsFolder, fork, graphics } = options;
  const warn = (message: string): void =>
    notices.emit({ kind: 'notice', level: 'warning', message, run: null });
  const queue = await RunQueue.open({ home: homeFolder, runs: runsFolder }, (movedTo) =>
    warn(
      `The queue file was damaged. Runs that have not started wait in the order they were queued; runs that were to be resumed left the queue. The damaged file is kept as ${movedTo}.`,
    ),
  );
  if (queue.problem !== null) warn(whyNoTraining(queue.problem));
  return new TrainingScheduler({
    queue,
    fork,
    runsFolder,
    samples: () => samplesOf(options),
    chooseBackend: (turn, signal) =>
      chooseBackend(backendRequest(turn, context()), { fork, graphics, signal }),
    discard: (folder) => discardUnstarted(context(), folder),
    events: trainingEvents(options, context),
  });
}

/** A task of a sweep can be started again from the sweep's own files; anything else is moved to the trash. */
async function discardUnstarted({ library, trash }: WorkbenchContext, folder: string): Promise<void> {
  if ((await readTaskReference(folder)) === null) await trash.remove([folder]);
  else {
    await rm(folder, { recursive: true, force: true });
    library.forget(basename(folder));
  }
}

function whyNoTraining(problem: CharloomError): string {
  return problem.code === 'run-busy'
    ? 'Another Charloom is using this folder. Runs train there; here you can view them and write.'
    : `The queue cannot be used, so no run can train here. ${describeProblem(problem)}`;
}

function samplesOf({ settings }: WorkbenchOptions): SampleSettings | null {
  const { samplePrompt, sampleTemperature, sampleLength } = settings.get();
  if (sampleLength === 0) return null;
  return {
    ...defaultSampleSettings,
    primeText: samplePrompt,
    temperature: sampleTemperature,
    length: sampleLength,
  };
}

function backendRequest(turn: RunTurn, { texts }: WorkbenchContext): BackendRequest {
  const { settings } = turn.run;
  const threads = threadsOf(turn);
  if (turn.kind === 'resume') {
    const { vocabularySize } = turn.run.spec;
    return { settings, vocabularySize, choice: turn.request.backend, threads };
  }
  const { text, backend } = turn.run.plan;
  const id = texts.idOf(text.path);
  const vocabularySize = (id === null ? null : texts.vocabularySize(id)) ?? usualVocabulary;
  return { settings, vocabularySize, choice: backend, threads };
}
