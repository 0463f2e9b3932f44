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
import { createWorkbench, type Workbench } from '../workbench/workbench.ts';
import { answerChannels } from './ipc/channels.ts';
import { openMemory, type Memory } from './storage.ts';
import { tellNews } from './notifications.ts';
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
import { createView, type View } from './shell.ts';

export interface DesktopOptions {
  readonly files: OpenedFiles;
  readonly origin: PageOrigin;
  /** The folder of the built main process, beside which everything else lies. */
  readonly built: string;
}

/** The running application, as the events of its life see it. */
export interface Desktop {
  show(): void;
  mayQuit(): boolean;
  finishNow(): void;
  note(line: string): void;
}

/** Puts the application together, once Electron is ready: guards first, then the workbench, then a window onto it. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const { files, origin, built } = options;
  guardPermissions(session.defaultSession, origin);
  servePages(session.defaultSession.protocol, join(built, '../renderer'));

  const memory = openMemory(app.getPath('userData'));
  const view = createView(memory, { origin, built });
  const workbench = await openWorkbench(memory, view, built);
  const leaving = createLeaving(memory, view, workbench);
  view.window.guardClosing(() => leaving.mayClose());
  view.window.guardSession(() => leaving.maySessionEnd());

  // Whatever nobody foresaw stands in the log; training goes on.
  process.on('unhandledRejection', (error) => memory.log.defect(error));
  answerPages(memory, view, workbench, origin);
  holdSleepOff(workbench);
  followPowerSupply({ powerMonitor }, (isOnBattery) => workbench.setOnBattery(isOnBattery));
  tellNews(memory, view, workbench);
  const open = (path: string): void => void openFile(path, { workbench, ...view.opening });
  view.showMenu(open);
  view.onQuit(() => leaving.finishNow());
  view.show();
  files.deliverTo(open);
  return {
    show: () => view.show(),
    mayQuit: () => leaving.mayQuit(),
    finishNow: () => leaving.finishNow(),
    note: (line) => memory.log.note(line),
  };
}

function openWorkbench({ settings, log }: Memory, view: View, built: string): Promise<Workbench> {
  return createWorkbench({
    homeFolder: homeFolder(),
    runsFolder: defaultRunsFolder(),
    fork: utilityFork({ utilityProcess, app, entry: join(built, 'trainer.js'), environment: process.env }),
    settings,
    host: view.abilities,
    onDefect: (error) => log.defect(error),
  });
}

function answerPages({ log }: Memory, view: View, workbench: Workbench, origin: PageOrigin): void {
  answerChannels({
    ipc: ipcMain,
    trusted: { contents: () => view.window.contents, origin },
    workbench,
    dialogs: view.dialogs,
    createChannel: () => new MessageChannelMain(),
    onDefect: (error) => log.defect(error),
  });
}

function createLeaving({ settings, log }: Memory, view: View, workbench: Workbench): ShutdownGuard {
  return new ShutdownGuard({
    isTraining: () => workbench.isTraining,
    standingChoice: () => settings.get().onClose,
    ask: async () => {
      const { choice, remember } = await askBeforeClosing(dialog, view.window.current);
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
    hide: () => view.hide(),
    quit: () => app.quit(),
    onDefect: (error) => log.defect(error),
  });
}

/** A run that is paused loses nothing while the computer sleeps. */
function holdSleepOff(workbench: Workbench): void {
  const blocker = new SleepBlocker(powerSaveBlocker);
  const follow = (progress: RunProgress | null): void =>
    blocker.set(progress !== null && progress.state !== 'paused');
  follow(workbench.progress);
  workbench.onProgress(follow);
}
