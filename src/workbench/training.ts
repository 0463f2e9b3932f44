import { readRunRecord } from '../node/files/run-folder.ts';
import { chooseEngine } from '../processes/choose-engine.ts';
import { RunQueue, type QueuedRun } from '../processes/queue.ts';
import { TrainingScheduler } from '../processes/training-scheduler.ts';
import { defaultSampleSettings, type SampleSettings } from '../shared/domain/sample-settings.ts';
import type { RunSettings } from '../shared/domain/run-settings.ts';
import type { WorkbenchContext } from './context.ts';
import { tellProblem, type Notices } from './notices.ts';
import { trainingEvents } from './training-events.ts';
import type { WorkbenchOptions } from './workbench-types.ts';

/** A vocabulary nobody has counted yet is taken for a usual one: it only decides which backend is tried to be faster. */
const usualVocabulary = 96;
/**
 * Opens the scheduler that trains the queue, and lets the workbench hear of everything.
 * @param context what the scheduler's events need: made after the scheduler
 */
export async function openTrainingDesk(
  options: WorkbenchOptions,
  notices: Notices,
  context: () => WorkbenchContext,
): Promise<TrainingScheduler> {
  const queue = await RunQueue.open(options.homeFolder, (movedTo) =>
    notices.emit({
      kind: 'notice',
      level: 'warning',
      message: `The queue of runs could not be read and is empty now; the damaged file is kept as ${movedTo}.`,
      run: null,
    }),
  );
  tellProblem(notices, queue.problem);
  if (!queue.isOurs) {
    notices.emit({
      kind: 'notice',
      level: 'warning',
      message:
        'Charloom is open a second time. Runs train there; here they can be looked at and written with.',
      run: null,
    });
  }
  return new TrainingScheduler({
    ...{ queue, fork: options.fork, runsFolder: options.runsFolder },
    samples: () => samplesOf(options),
    settingsOf,
    chooseEngine: async (run, settings, signal) => {
      const vocabularySize = await vocabularySizeOf(run, context());
      const request = { settings, vocabularySize, choice: run.backend, threads: run.threads };
      return chooseEngine(request, { fork: options.fork, signal });
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
