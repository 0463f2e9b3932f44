import { EventEmitter } from 'node:events';
import { DoubleApp } from './app.ts';
import { openBrowser, type DoubleBrowser } from './browser.ts';
import { DoubleChannel } from './ports.ts';
import { utilityProcess } from './utility-process.ts';
import { DoubleWindow, type DoubleContents, type Surroundings } from './window.ts';

export const app = new DoubleApp();
export { utilityProcess };
export const MessageChannelMain = DoubleChannel;

const windows = new Set<DoubleWindow>();
let browser: Promise<DoubleBrowser> | undefined;
const surroundings: Surroundings = {
  browser: () => (browser ??= openBrowser()),
  schemes: new Map(),
  ipcHandlers: new Map(),
  created: (contents: DoubleContents) => app.emit('web-contents-created', {}, contents),
  // The test hears where the pages are as soon as there is one.
  loaded: () => void browser?.then(({ endpoint }) => process.send?.({ ready: endpoint })),
  closed: (window) => {
    windows.delete(window);
    app.windowClosed();
  },
};
app.windows = () => [...windows];
app.release = async () => (await browser)?.close();

export class BrowserWindow extends DoubleWindow {
  static getAllWindows(): readonly DoubleWindow[] {
    return [...windows];
  }

  constructor(options: ConstructorParameters<typeof DoubleWindow>[0]) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    super(options, surroundings);
    windows.add(this);
  }
}

class DoubleIpc extends EventEmitter {
  handle(channel: string, handler: (event: object, ...words: readonly unknown[]) => unknown): void {
    if (surroundings.ipcHandlers.has(channel)) throw new Error(`A second handler for '${channel}'`);
    surroundings.ipcHandlers.set(channel, handler);
  }
}
export const ipcMain = new DoubleIpc();

export const protocol = {
  privileged: [] as unknown[],
  registerSchemesAsPrivileged(schemes: readonly unknown[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    this.privileged.push(...schemes);
  },
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
    surroundings.schemes.set(scheme, handler);
  },
};

type PermissionHandlers = Record<
  'request' | 'check' | 'device',
  ((...words: readonly unknown[]) => unknown) | null
>;
/** Electron grants what no handler refuses: a test asks the handlers that were set. */
export const permissionHandlers: PermissionHandlers = { request: null, check: null, device: null };
export const session = {
  defaultSession: {
    protocol,
    setPermissionRequestHandler: (handler: PermissionHandlers['request']) =>
      (permissionHandlers.request = handler),
    setPermissionCheckHandler: (handler: PermissionHandlers['check']) => (permissionHandlers.check = handler),
    setDevicePermissionHandler: (handler: PermissionHandlers['device']) =>
      (permissionHandlers.device = handler),
  },
};

/** Nobody sits here: what a test does not answer is cancelled. */
export const dialog = {
  showMessageBox: (...words: readonly unknown[]) =>
    Promise.resolve({
      response: (words.at(-1) as { cancelId?: number }).cancelId ?? 0,
      checkboxChecked: false,
    }),
  showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: () => Promise.resolve({ canceled: true, filePath: '' }),
  showErrorBox: (title: string, content: string) => void process.stderr.write(`${title}: ${content}\n`),
};

export const shell = {
  opened: [] as string[],
  shown: [] as string[],
  /** Paths that were opened with the system's own programs. */
  paths: [] as string[],
  openExternal(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  },
  openPath(path: string): Promise<string> {
    this.paths.push(path);
    return Promise.resolve('');
  },
  showItemInFolder(path: string): void {
    this.shown.push(path);
  },
};

export const crashReporter = {
  started: undefined as unknown,
  start(options: unknown): void {
    this.started = options;
  },
};

export const powerSaveBlocker = {
  active: new Set<number>(),
  next: 1,
  start(): number {
    this.active.add(this.next);
    return this.next++;
  },
  stop(id: number): void {
    this.active.delete(id);
  },
};

export const Menu = {
  current: null as unknown,
  buildFromTemplate: (template: unknown) => ({ template }),
  setApplicationMenu(menu: unknown): void {
    this.current = menu;
  },
};

export class Tray extends EventEmitter {
  static readonly all = new Set<Tray>();
  constructor() {
    super();
    Tray.all.add(this);
  }
  toolTip = '';
  setToolTip(words: string): void {
    this.toolTip = words;
  }
  setContextMenu(): void {}
  destroy(): void {
    Tray.all.delete(this);
  }
}

/** Nobody sees it: a test reads what it would say. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  readonly title: string;
  readonly body: string;
  constructor({ title = '', body = '' }: { readonly title?: string; readonly body?: string }) {
    if (!app.isReady()) throw new Error('Cannot create Notification before app is ready');
    super();
    this.title = title;
    this.body = body;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    Notification.shown.push(this);
  }
}

export const nativeImage = { createFromPath: (path: string) => ({ path }) };
export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: false,
  themeSource: 'system',
});
export const powerMonitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => false });
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

const electron = {
  app,
  BrowserWindow,
  MessageChannelMain,
  Menu,
  Notification,
  Tray,
  crashReporter,
  dialog,
  ipcMain,
  nativeImage,
  nativeTheme,
  permissionHandlers,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
};
export { electron as default };

/** After the entry has evaluated, as in Electron. */
export async function becomeReady(): Promise<void> {
  await surroundings.browser();
  app.becomeReady();
}
