import { join } from 'node:path';
import { app, BrowserWindow, dialog, Menu, nativeImage, nativeTheme, screen, shell, Tray } from 'electron';
import { outsideArchive } from '../node/files/outside-archive.ts';
import { CharloomError, describeProblem } from '../shared/errors.ts';
import { links } from '../shared/links.ts';
import type { HostAbilities } from '../workbench/workbench-types.ts';
import type { AppStorage } from './storage.ts';
import { startAddress, type PageOrigin } from './security/origin.ts';
import { BackgroundIcon } from './services/background-icon.ts';
import { FileDialogs } from './services/file-dialogs.ts';
import type { FileOpenerOptions } from './services/file-opener.ts';
import type { StateFile } from './services/state-file.ts';
import { rememberBounds, restoredBounds } from './services/window-state.ts';
import { MainWindow } from './windows/main-window.ts';
import { menuTemplate } from './windows/menu.ts';
import { mainWindowOptions } from './windows/options.ts';

interface ShellOptions {
  readonly origin: PageOrigin;
  readonly built: string;
}

/** The visible parts of the application: window, menu, dialogs, background icon. */
export interface Shell {
  readonly window: MainWindow;
  readonly dialogs: FileDialogs;
  readonly abilities: HostAbilities;
  /** What opening a file needs from the system. */
  readonly opening: Pick<FileOpenerOptions, 'remember' | 'complain'>;
  show(): void;
  /** Continues without a window. */
  hide(): void;
  /** The tooltip of the background icon. */
  describe(words: string): void;
  showMenu(open: (path: string) => void): void;
  /** Called when the user quits from the background icon. */
  onQuit(listener: () => void): void;
}

/** Creates the window and its surroundings without showing anything yet. */
export function createShell({ state, log }: AppStorage, { origin, built }: ShellOptions): Shell {
  const window = new MainWindow({
    create: () => createWindow(state, built),
    address: startAddress(origin),
    opened: (opened) => rememberBounds(opened, state),
    onCrash: (reason) => log.note(`The page crashed (${reason}).`),
  });
  const documents = app.getPath('documents');
  const dialogs = new FileDialogs({ dialog, window: () => window.current, state, documents });
  const abilities = createAbilities(dialogs, built);
  let quit = (): void => undefined;
  const show = (): void => {
    icon.hide();
    window.show();
  };
  const icon = createIcon(built, { show, quit: () => quit() });
  return {
    window,
    dialogs,
    abilities,
    opening: { remember: (path) => app.addRecentDocument(path), complain: complainIn(window) },
    show,
    hide: () => {
      window.hide();
      icon.show();
    },
    describe: (words) => icon.describe(words),
    showMenu: (open) => showMenu({ dialogs, abilities, open, complain: complainIn(window) }),
    onQuit: (listener) => {
      quit = listener;
    },
  };
}

function createWindow(state: StateFile, built: string): BrowserWindow {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const saved = state.get('window');
  const preload = join(built, '../preload/index.cjs');
  const bounds = restoredBounds(saved, areas);
  const window = new BrowserWindow(mainWindowOptions(preload, bounds, nativeTheme.shouldUseDarkColors));
  if (saved?.isMaximized === true) window.maximize();
  return window;
}

/** Item 15 of Electron's security checklist: only links of a fixed list are opened; a page sends a key. */
function createAbilities(dialogs: FileDialogs, built: string): HostAbilities {
  const guide = outsideArchive(join(built, '../guide/index.html'));
  return {
    info: { host: 'electron', canReveal: true, canChooseFiles: true },
    chooseTexts: () => dialogs.chooseTexts(),
    reveal: (path) => Promise.resolve(shell.showItemInFolder(path)),
    openFolder: openOutside,
    openLink: async (link) => {
      if (link === 'guide') return openOutside(guide);
      await shell.openExternal(links[link]).catch((cause: unknown) => {
        const fix = `Open ${links[link]} yourself.`;
        throw new CharloomError('usage', 'This link cannot be opened.', { fix, cause });
      });
    },
  };
}

/** Opens one of our files or folders with the system's default program. */
async function openOutside(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem === '') return;
  throw new CharloomError('storage', `${path} cannot be opened: ${problem}`, {
    fix: 'Copy the path and open it yourself.',
  });
}

function createIcon(built: string, commands: { show(): void; quit(): void }): BackgroundIcon {
  return new BackgroundIcon((template) => {
    const tray = new Tray(nativeImage.createFromPath(join(built, '../../resources/tray.png')));
    tray.setContextMenu(Menu.buildFromTemplate(template));
    return tray;
  }, commands);
}

interface MenuParts {
  readonly dialogs: FileDialogs;
  readonly abilities: HostAbilities;
  readonly open: (path: string) => void;
  readonly complain: FileOpenerOptions['complain'];
}

function showMenu({ dialogs, abilities, open, complain }: MenuParts): void {
  const attempt = (what: string, work: Promise<void>): void => {
    work.catch((error: unknown) => complain(what, describeProblem(error, '\n')));
  };
  const template = menuTemplate({
    isMac: process.platform === 'darwin',
    isDevelopment: !app.isPackaged,
    openText: () => {
      const choose = dialogs.chooseText().then((path) => {
        if (path !== null) open(path);
      });
      attempt('No text could be chosen', choose);
    },
    openLink: (link) => attempt('The link could not be opened', abilities.openLink(link)),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function complainIn(window: MainWindow): FileOpenerOptions['complain'] {
  return (message, detail) => {
    const options = { type: 'error' as const, message, detail };
    const parent = window.current;
    void (parent === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(parent, options));
  };
}
