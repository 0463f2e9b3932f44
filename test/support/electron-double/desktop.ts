import { EventEmitter } from 'node:events';

/** There is no user: dialogs that a test does not answer are cancelled. */
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

/** It is invisible: a test reads its text. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  readonly title: string;
  readonly body: string;
  constructor({ title = '', body = '' }: { readonly title?: string; readonly body?: string }) {
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
