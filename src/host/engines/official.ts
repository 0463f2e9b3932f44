import { existsSync } from 'node:fs';
import { copyFile, cp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CharloomError } from '../../shared/errors.ts';
import { engineLayout } from './engine-folder.ts';
import { packageFolder } from './npm-package.ts';
import { progressOf, type InstallHooks } from './progress.ts';
import type { EngineKind } from './releases.ts';
import { complaint, runCommand } from './run-command.ts';

/**
 * The package's own installer, run on a copy of the package in the engine's folder: it downloads TensorFlow 2.9.1 and a prebuilt
 * addon. `TFJS_NODE_CDN_STORAGE`, `TFJS_NODE_BASE_URI` and the system's proxy variables reach it unchanged.
 */
export async function runOfficialInstaller(
  staging: string,
  kind: EngineKind,
  hooks: InstallHooks,
): Promise<void> {
  // The desktop application's own program is no Node.js: started with a script it would open a second window.
  if (process.versions['electron'] !== undefined) {
    throw new CharloomError(
      'backend-unavailable',
      'On this system the desktop application cannot install TensorFlow by itself.',
      { fix: 'Run "charloom engine install tensorflow" on the command line; the application finds it then.' },
    );
  }
  const original = packageFolder();
  const modules = dirname(dirname(original));
  const copy = join(staging, 'package');
  await cp(original, copy, { recursive: true });
  hooks.onProgress(progressOf('download', 0.1, 'the installer of the package is at work'));
  const separator = process.platform === 'win32' ? ';' : ':';
  const result = await runCommand(process.execPath, [join('scripts', 'install.js'), kind, 'download'], {
    signal: hooks.signal,
    cwd: copy,
    env: {
      ...process.env,
      // The copy stands alone: its own dependencies and their commands are still where npm put them.
      NODE_PATH: modules,
      PATH: `${join(modules, '.bin')}${separator}${process.env['PATH'] ?? ''}`,
    },
  });
  const libraries = join(copy, 'deps');
  if (result.code !== 0 || !existsSync(join(libraries, 'lib'))) {
    throw new CharloomError('backend-unavailable', "The package's own installer failed.", {
      fix: `It said: ${complaint(`${result.stdout}\n${result.stderr}`)}\nA mirror can be set with TFJS_NODE_CDN_STORAGE or TFJS_NODE_BASE_URI; the wheel way is usually the better one.`,
      cause: new Error(result.stderr),
    });
  }
  await rename(libraries, join(staging, 'deps'));
  await rename(join(copy, 'lib'), join(staging, 'lib'));
  await rm(copy, { recursive: true, force: true });
  if (process.platform === 'win32') await placeWindowsLibrary(staging);
}

/**
 * On Windows the addon lands in `lib/napi-v8`, but the package's script puts tensorflow.dll where the running Node.js's own
 * Node-API number points (`lib/napi-v10`), and Windows looks beside the addon only.
 */
export async function placeWindowsLibrary(staging: string): Promise<void> {
  const { addon, libraries } = engineLayout(staging);
  const names = (await readdir(libraries)).filter((name) => name.endsWith('.dll'));
  for (const name of names) await copyFile(join(libraries, name), join(dirname(addon), name));
}
