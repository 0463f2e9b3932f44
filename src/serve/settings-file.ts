import { readFileSync, renameSync, rmSync, watchFile, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolderSync } from '../node/files/make-folder.ts';
import { withShortLock } from '../node/files/short-lock.ts';
import type { SettingsStorage } from '../workbench/settings-keeper.ts';

/** Settings in a file. A file that is not JSON is moved aside and is not fatal. */
export function settingsFile(path: string): SettingsStorage {
  return {
    path,
    read: () => {
      let content: string;
      try {
        content = readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
      try {
        return JSON.parse(content) as unknown;
      } catch {
        moveAside(path);
        return undefined;
      }
    },
    alone: (work) => {
      makeFolderSync(dirname(path), 'keep the settings');
      return withShortLock(path, 'keep the settings', work);
    },
    watch: (changed) => void watchFile(path, { interval: 1000, persistent: false }, changed),
    write: (settings) => {
      // Written to a temporary file, which then replaces the old one: a power cut leaves either the old settings or the new ones.
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`);
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    },
  };
}

/** Does nothing in a read-only folder. */
function moveAside(path: string): void {
  try {
    renameSync(path, `${path}.damaged`);
  } catch {
    // The defaults apply, and the file is unchanged.
  }
}
