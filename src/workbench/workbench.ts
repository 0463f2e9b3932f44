import { join } from 'node:path';
import { cacheFolder } from '../node/files/data-folders.ts';
import { makeFolder } from '../node/files/make-folder.ts';
import { KeptSummaries } from '../runs/kept-summaries.ts';
import type { Handlers } from '../shared/ipc/contract.ts';
import type { RunEnd } from '../shared/domain/run-end.ts';
import { appHandlers, appStreams } from './app-handlers.ts';
import { checkpointHandlers } from './checkpoints/checkpoint-handlers.ts';
import { openCheckpoint } from './checkpoints/open-checkpoint.ts';
import type { WorkbenchContext } from './context.ts';
import { engineHandlers, engineStreams } from './engines/engine-handlers.ts';
import { Exports } from './models/exports.ts';
import { importModelFile, receiveModelFile } from './models/import-model.ts';
import { modelHandlers, modelStreams } from './models/model-handlers.ts';
import { ModelLibrary } from './models/model-library.ts';
import { Listeners } from '../shared/listeners.ts';
import { Notices, tellProblem } from './notices.ts';
import { OpenProcesses } from './open-processes.ts';
import { BatteryPause } from './runs/battery-pause.ts';
import { forecastStreams } from './runs/forecast.ts';
import { NotesStore } from './runs/notes-store.ts';
import { RunChanges } from './runs/run-changes.ts';
import { RunEvents } from './runs/run-subscriber.ts';
import { runHandlers, runStreams } from './runs/run-handlers.ts';
import { RunLibrary } from './runs/run-library.ts';
import { TrainingProgress } from './runs/training-progress.ts';
import { sweepHandlers, sweepStreams } from './sweeps/sweep-handlers.ts';
import { Trash } from './storage/trash.ts';
import { ImportedFiles } from './texts/imported-files.ts';
import { importFile, importUpload } from './texts/import-text.ts';
import { textHandlers, textStreams } from './texts/text-handlers.ts';
import { Readings } from './texts/readings.ts';
import { TextLibrary } from './texts/text-library.ts';
import { openTrainingScheduler } from './training.ts';
import type { Workbench, WorkbenchOptions } from './workbench-types.ts';

/** Opens the workbench on the user's folders: the only place that knows all of its parts. */
export async function createWorkbench(given: WorkbenchOptions): Promise<Workbench> {
  const processes = new OpenProcesses(given.fork);
  const context = await openContext({ ...given, fork: processes.fork });
  const { scheduler, battery, notices, progress, ends } = context;
  scheduler.begin();
  return {
    handlers: handlersFor(context),
    addTextFile: (path) => importFile(context, path),
    receiveText: (name, content) => importUpload(context, name, content),
    addPartFile: (path) => Promise.resolve({ part: context.imported.add(path) }),
    receivePart: async (name, content) => ({ part: await context.imported.receive(name, content) }),
    addModelFile: (path) => importModelFile(context, path),
    receiveModel: (name, content) => receiveModelFile(context, name, content),
    openCheckpoint: (run, file, format) => openCheckpoint(context, run, file, format),
    openExport: (ticket) => context.exports.open(ticket),
    get isTraining() {
      return scheduler.active !== undefined;
    },
    get progress() {
      return progress.current;
    },
    onProgress: (listener) => progress.watch(listener),
    onRunEnd: (listener) => ends.add(listener),
    announceOpened: (item) => notices.emit({ kind: 'opened', text: null, model: null, run: null, ...item }),
    pauseAll: () => scheduler.pauseAll(),
    setOnBattery: (isOnBattery) => battery.set(isOnBattery),
    stopAll: () => scheduler.close(true),
    dispose: async () => {
      await scheduler.close(false);
      context.library.close();
      processes.end();
      await context.imported.dispose();
    },
  };
}

async function openContext(options: WorkbenchOptions): Promise<WorkbenchContext> {
  const { homeFolder, runsFolder, onDefect } = options;
  await makeFolder(homeFolder, 'make the data folder');
  const texts = await TextLibrary.open(homeFolder);
  const library = new RunLibrary({
    runsFolder,
    scheduler: () => context.scheduler,
    titleOf: (path) => texts.titleOf(path),
    kept: await KeptSummaries.open(cacheFolder(homeFolder), runsFolder),
  });
  const parts = {
    options,
    texts,
    readings: new Readings(),
    imported: new ImportedFiles(),
    passwords: new Map<string, string>(),
    models: new ModelLibrary(homeFolder, options.fork),
    exports: new Exports(options.fork),
    trash: new Trash(join(homeFolder, 'trash')),
    library,
    events: new RunEvents(),
    changes: new RunChanges(library, onDefect),
    notices: new Notices(),
    notes: new NotesStore(),
    progress: new TrainingProgress(() => context.scheduler, library),
    ends: new Listeners<RunEnd>(),
  };
  tellProblem(parts.notices, options.settings.problem);
  tellProblem(parts.notices, texts.problem);
  const scheduler = await openTrainingScheduler(options, parts.notices, () => context);
  const battery = new BatteryPause({ ...parts, scheduler, settings: options.settings });
  const context: WorkbenchContext = { ...parts, scheduler, battery };
  return context;
}

function handlersFor(context: WorkbenchContext): Handlers {
  return {
    requests: {
      ...appHandlers(context),
      ...textHandlers(context),
      ...runHandlers(context),
      ...checkpointHandlers(context),
      ...modelHandlers(context),
      ...engineHandlers(context),
      ...sweepHandlers(context),
    },
    streams: {
      ...appStreams(context),
      ...textStreams(context),
      ...runStreams(context),
      ...forecastStreams(context),
      ...modelStreams(context),
      ...engineStreams(context),
      ...sweepStreams(context),
    },
  };
}
