// Whether Electron's program is installed. Its npm package does not include it: it is downloaded on first use (fetch-electron.js).
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of the npm package; requiring the package itself would start a download. Throws if it is not installed. */
export function packageFolder() {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

/**
 * Path of Electron's program, or undefined if it is not installed.
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
 * The program's path in its folder: the one that the installer recorded, or the usual one on this system.
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
