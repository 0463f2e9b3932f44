import { readdirSync, statSync } from 'node:fs';
import { app, crashReporter, dialog, powerMonitor, protocol } from 'electron';
import { listenForInterrupts } from '../node/interrupts.ts';
import { openDesktop, type Desktop } from './desktop.ts';
import { guardNavigation } from './security/navigation.ts';
import { pageOrigin } from './security/origin.ts';
import { registerScheme } from './security/scheme.ts';
import { addGraphicsSwitches } from './services/graphics-switches.ts';
import { filesIn, OpenedFiles } from './services/opened-files.ts';

/**
 * Starts the application: first what must happen before Electron is ready, in order, then the desktop.
 * @param built the folder of the built main process
 */
export function startApplication(built: string): void {
  // Reports of crashes stay on this computer; nothing is ever sent.
  crashReporter.start({ uploadToServer: false });
  // With --no-sandbox, pages that require a sandbox would stay blank.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerScheme(protocol);
  const { platform, env: environment } = process;
  addGraphicsSwitches(app.commandLine, { platform, environment, vulkanDrivers: vulkanDrivers() });
  // Windows uses it to find the name and icon for notifications; an application that is not installed is identified by its executable.
  app.setAppUserModelId(app.isPackaged ? 'app.charloom' : process.execPath);

  const files = collectFiles();
  if (!app.requestSingleInstanceLock()) return app.quit();

  const origin = pageOrigin(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  guardNavigation(app, origin);
  app
    .whenReady()
    .then(() => openDesktop({ files, origin, built }))
    .then(keepAlive)
    .catch(giveUp);
}

/** The Vulkan drivers installed in Linux's usual folders. */
function vulkanDrivers(): readonly string[] {
  return ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'].flatMap(
    (folder) => {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
  );
}

/** Files to open: from the command line, and from the system, which may name one before anything is ready. */
function collectFiles(): OpenedFiles {
  const files = new OpenedFiles();
  const add = (words: readonly string[], folder: string): void => {
    for (const path of filesIn(words, folder, isFile)) {
      files.add(path);
    }
  };
  // Unpackaged, the first argument is the application's folder.
  add(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
  app.on('open-file', (event, path) => {
    event.preventDefault();
    files.add(path);
  });
  app.on('second-instance', (_event, words, folder) => add(words.slice(1), folder));
  return files;
}

function isFile(path: string): boolean {
  return path !== process.execPath && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Handles events of the system during the life of the application. */
function keepAlive(desktop: Desktop): void {
  app.on('second-instance', () => desktop.show());
  app.on('activate', () => desktop.show());
  app.on('before-quit', (event) => {
    if (!desktop.mayQuit()) event.preventDefault();
  });
  app.on('window-all-closed', () => {
    // On macOS an application keeps running without windows.
    if (process.platform !== 'darwin') app.quit();
  });
  takeInterrupts(desktop);
  powerMonitor.on('suspend', () => desktop.note('The computer is going to sleep.'));
  powerMonitor.on('resume', () => desktop.note('The computer has woken up.'));
  (powerMonitor as NodeJS.EventEmitter).on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    desktop.finishNow();
  });
}

/**
 * Ctrl-C and related signals save and exit, once per key press, however often the signal is delivered. Only listeners that are set after Electron is
 * ready replace its own, which quit at the first signal and end the program at the second.
 */
function takeInterrupts(desktop: Desktop): void {
  listenForInterrupts({
    onStop: () => desktop.finishNow(),
    onLeave: () => app.exit(130),
    onCheckpoint: () => undefined,
  });
}

function giveUp(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Charloom could not start', message);
  app.exit(70);
}
