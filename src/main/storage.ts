import { join } from 'node:path';
import { ipcMain, nativeTheme } from 'electron';
import { SettingsKeeper } from '../workbench/settings-keeper.ts';
import { Log } from './services/log.ts';
import { openStateFile, type StateFile } from './services/state-file.ts';

/** What the application stores between two starts, besides the workbench's own files. */
export interface AppStorage {
  readonly log: Log;
  readonly state: StateFile;
  readonly settings: SettingsKeeper;
}

/** Opens it in a folder. */
export function openStorage(folder: string): AppStorage {
  const log = new Log(join(folder, 'log.txt'));
  const state = openStateFile(folder);
  // electron-store tells any page that asks where its files are; ours never ask.
  ipcMain.removeAllListeners('electron-store-get-data');
  if (state.movedAside !== undefined) {
    log.note(
      `The settings file was damaged and has been replaced. The damaged file is kept as ${state.movedAside}.`,
    );
  }
  const settings = new SettingsKeeper({
    path: join(folder, 'workbench.json'),
    read: () => state.get('settings'),
    write: (changed) => state.set('settings', { ...changed }),
  });
  // Dialogs and menus follow the theme setting, as the pages do.
  nativeTheme.themeSource = settings.get().theme;
  settings.onChange(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
  return { log, state, settings };
}
