// Whether Electron's program is installed. Its npm package does not include it: the first use downloads it (fetch-electron.js).
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of the npm package; requiring the package itself would start a download. Throws when it is not installed. */
export function packageFolder() {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

/**
 * Electron's program, or undefined when it is not here.
 * @param {NodeJS.ProcessEnv} environment
 * @param {() => string} folder
 */
export function findElectron(environment = process.env, folder = packageFolder) {
  try {
    const chosen = environment['ELECTRON_OVERRIDE_DIST_PATH'];
    const program = join(chosen ?? join(folder(), 'dist'), pathInside(folder()));
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    return undefined;
  }
}

/**
 * The program's path in its folder: as the installer recorded it, or the system's usual one.
 * @param {string} folder
 */
function pathInside(folder) {
  try {
    return readFileSync(join(folder, 'path.txt'), 'utf8').trim();
  } catch {
    if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
    return process.platform === 'win32' ? 'electron.exe' : 'electron';
  }
}

/** Whether there is a screen for a window. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}
