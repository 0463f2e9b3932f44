// Is Electron's program here, and can it be had? Its npm package brings none: the first use fetches it.
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Long enough for a slow line, short enough for somebody who waits. */
const longestFetch = 180_000;

/** The folder of the npm package; requiring the package itself would start a download. */
function packageFolder() {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

/**
 * Electron's program, or undefined when it is not here.
 * @param {NodeJS.ProcessEnv} environment
 */
export function findElectron(environment = process.env) {
  try {
    const chosen = environment['ELECTRON_OVERRIDE_DIST_PATH'];
    const folder = packageFolder();
    const program =
      chosen === undefined
        ? join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
        : join(chosen, process.platform === 'win32' ? 'electron.exe' : 'electron');
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    return undefined;
  }
}

/**
 * Tries once to fetch it with the package's own installer. Resolves with the program, or undefined; never rejects.
 * @param {string} node
 * @param {number} limit milliseconds
 * @returns {Promise<string | undefined>}
 */
export async function fetchElectron(node, limit = longestFetch) {
  let script = '';
  try {
    script = join(packageFolder(), 'install.js');
  } catch {
    return undefined;
  }
  await new Promise((resolve) => {
    // What it says when the network is not there would worry people more than the sentence that follows.
    const child = spawn(node, [script], { stdio: 'ignore', timeout: limit });
    child.on('error', resolve);
    child.on('exit', resolve);
  });
  return findElectron();
}

/** Whether there is a screen for a window. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}
