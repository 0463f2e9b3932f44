import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { DoubleApp } from './app.ts';
import { openBrowser, type DoubleBrowser } from './browser.ts';
import type { DoubleContents, Surroundings } from './contents.ts';
import * as desktop from './desktop.ts';
import { DoubleChannel } from './ports.ts';
import { DoubleSessions, makeProtocol } from './session.ts';
import { takeSignals } from './signals.ts';
import { DoubleUtilityProcesses } from './utility-process.ts';
import { DoubleWindow } from './window.ts';

export const app = new DoubleApp();
export const utilityProcess = new DoubleUtilityProcesses(app);
export const MessageChannelMain = DoubleChannel;
export const session = new DoubleSessions();
export const protocol = makeProtocol(session.defaultSession, () => app.isReady());
const { permissionHandlers } = session.defaultSession;
export {
  crashReporter,
  dialog,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
  Tray,
} from './desktop.ts';

const windows = new Set<DoubleWindow>();
let browser: Promise<DoubleBrowser> | undefined;
const surroundings: Surroundings = {
  browser: () => (browser ??= openBrowser()),
  session: (partition) =>
    partition === undefined ? session.defaultSession : session.fromPartition(partition),
  ipcHandlers: new Map(),
  created: (contents: DoubleContents) => app.emit('web-contents-created', {}, contents),
  // The test hears where the pages are as soon as there is one.
  loaded: () => void browser?.then(({ endpoint }) => tellEndpoint(endpoint)),
  closed: () => app.windowClosed(),
  closeCancelled: () => app.closeCancelled(),
};
app.windows = () => [...windows].filter((window) => !window.isDestroyed());
app.release = async () => (await browser)?.close();

export class BrowserWindow extends DoubleWindow {
  static getAllWindows(): readonly DoubleWindow[] {
    return [...windows].filter((window) => !window.isDestroyed());
  }

  constructor(options: ConstructorParameters<typeof DoubleWindow>[0]) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    super(options, surroundings);
    windows.add(this);
  }
}

/** To the test that started this, or to one that only knows a file. */
function tellEndpoint(endpoint: string): void {
  process.send?.({ ready: endpoint });
  const file = process.env['CHARLOOM_DOUBLE_ENDPOINT'];
  if (file !== undefined) writeFileSync(file, endpoint);
}

class DoubleIpc extends EventEmitter {
  handle(channel: string, handler: (event: object, ...words: readonly unknown[]) => unknown): void {
    if (surroundings.ipcHandlers.has(channel)) throw new Error(`A second handler for '${channel}'`);
    surroundings.ipcHandlers.set(channel, handler);
  }
}
export const ipcMain = new DoubleIpc();

const electron = {
  ...desktop,
  app,
  BrowserWindow,
  MessageChannelMain,
  ipcMain,
  permissionHandlers,
  protocol,
  session,
  utilityProcess,
};
export { electron as default };

/** After the entry has evaluated, as in Electron. */
export async function becomeReady(): Promise<void> {
  await surroundings.browser();
  takeSignals(() => app.quitFromSystem());
  app.becomeReady();
}
