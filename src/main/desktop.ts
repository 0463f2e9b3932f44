import {
  app,
  dialog,
  ipcMain,
  MessageChannelMain,
  powerMonitor,
  powerSaveBlocker,
  session,
  utilityProcess,
} from 'electron';
import { join } from 'node:path';
import { defaultRunsFolder, homeFolder } from '../node/files/data-folders.ts';
import type { RunProgress } from '../shared/domain/run-progress.ts';
import { tryBackend } from '../processes/try-backend.ts';
import { createWorkbench } from '../workbench/workbench.ts';
import type { Workbench } from '../workbench/workbench-types.ts';
import { createGraphics } from './graphics.ts';
import { answerChannels } from './ipc/channels.ts';
import { openStorage, type AppStorage } from './storage.ts';
import { notifyOfTraining } from './notifications.ts';
import type { PageOrigin } from './security/origin.ts';
import { guardPermissions } from './security/permissions.ts';
import { servePages } from './security/scheme.ts';
import { askBeforeClosing } from './services/close-question.ts';
import { openFile } from './services/file-opener.ts';
import { ShutdownGuard } from './services/shutdown-guard.ts';
import type { OpenedFiles } from './services/opened-files.ts';
import { followPowerSupply } from './services/power-supply.ts';
import { SleepBlocker } from './services/sleep-blocker.ts';
import { utilityFork } from './services/utility-fork.ts';
import { createShell, type Shell } from './shell.ts';

export interface DesktopOptions {
  readonly files: OpenedFiles;
  readonly origin: PageOrigin;
  /** The folder of the built main process, next to all other built files. */
  readonly built: string;
}

/** The running application, as the handlers of system events use it. */
export interface Desktop {
  show(): void;
  mayQuit(): boolean;
  finishNow(): void;
  note(line: string): void;
}

/** Assembles the application once Electron is ready: guards first, then the workbench, then its window. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const { files, origin, built } = options;
  guardPermissions(session.defaultSession, origin);
  servePages(session.defaultSession.protocol, join(built, '../renderer'));

  const storage = openStorage(app.getPath('userData'));
  const shell = createShell(storage, { origin, built });
  const workbench = await openWorkbench(storage, shell, built);
  const guard = createShutdownGuard(storage, shell, workbench);
  shell.window.guardClosing(() => guard.mayClose());
  shell.window.guardSession(() => guard.maySessionEnd());

  // Unexpected errors are logged; training continues.
  process.on('unhandledRejection', (error) => storage.log.defect(error));
  answerPages(storage, shell, workbench, origin);
  holdSleepOff(workbench);
  followPowerSupply({ powerMonitor }, (isOnBattery) => workbench.setOnBattery(isOnBattery));
  notifyOfTraining(storage, shell, workbench);
  const open = (path: string): void => void openFile(path, { workbench, ...shell.opening });
  shell.showMenu(open);
  shell.onQuit(() => guard.finishNow());
  shell.show();
  files.deliverTo(open);
  return {
    show: () => shell.show(),
    mayQuit: () => guard.mayQuit(),
    finishNow: () => guard.finishNow(),
    note: (line) => storage.log.note(line),
  };
}

function openWorkbench({ settings, log }: AppStorage, shell: Shell, built: string): Promise<Workbench> {
  const graphics = createGraphics(log, built, (card, signal) => tryBackend(card, fork, signal));
  const fork = utilityFork({
    utilityProcess,
    app,
    entry: join(built, 'compute.js'),
    environment: process.env,
    openGraphics: (card) => graphics.compute(card),
  });
  return createWorkbench({
    homeFolder: homeFolder(),
    runsFolder: defaultRunsFolder(),
    fork,
    graphics,
    settings,
    host: shell.abilities,
    onDefect: (error) => log.defect(error),
  });
}

function answerPages({ log }: AppStorage, shell: Shell, workbench: Workbench, origin: PageOrigin): void {
  answerChannels({
    ipc: ipcMain,
    trusted: { contents: () => shell.window.contents, origin },
    workbench,
    dialogs: shell.dialogs,
    createChannel: () => new MessageChannelMain(),
    onDefect: (error) => log.defect(error),
  });
}

function createShutdownGuard(
  { settings, log }: AppStorage,
  shell: Shell,
  workbench: Workbench,
): ShutdownGuard {
  return new ShutdownGuard({
    isTraining: () => workbench.isTraining,
    standingChoice: () => settings.get().onClose,
    ask: async () => {
      const { choice, remember } = await askBeforeClosing(dialog, shell.window.current);
      if (remember && choice !== 'stay') await settings.change({ onClose: choice });
      return choice;
    },
    pause: () => workbench.pauseAll(),
    finish: async () => {
      try {
        await workbench.stopAll();
      } finally {
        await workbench.dispose();
      }
    },
    hide: () => shell.hide(),
    quit: () => app.quit(),
    onDefect: (error) => log.defect(error),
  });
}

/** Keeps the computer awake while a run trains; a paused run loses nothing while it sleeps. */
function holdSleepOff(workbench: Workbench): void {
  const blocker = new SleepBlocker(powerSaveBlocker);
  const follow = (progress: RunProgress | null): void =>
    blocker.set(progress !== null && progress.state !== 'paused');
  follow(workbench.progress);
  workbench.onProgress(follow);
}
