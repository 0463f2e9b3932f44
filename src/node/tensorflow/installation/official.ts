import { existsSync } from 'node:fs';
import { copyFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { engineLayout } from './engine-folder.ts';
import { findNode } from './find-node.ts';
import { packageFolder, packageName } from './npm-package.ts';
import { copyPackage } from './package-copy.ts';
import type { InstallHooks } from '../../engines/progress.ts';
import { progressOf } from './progress.ts';
import type { EngineKind } from './releases.ts';
import { complaint, runCommand, saysOffline } from '../../engines/run-command.ts';

/** What the installer's scripts load; the rest of the package's dependencies is for using TensorFlow, not for fetching it. */
export const installerNeeds: readonly string[] = [
  ...['@mapbox/node-pre-gyp', 'adm-zip', 'https-proxy-agent', 'progress', 'rimraf', 'tar'],
];

/**
 * The package's own installer, run on a copy of the package in the engine's folder: it downloads TensorFlow 2.9.1 and a prebuilt
 * addon. `TFJS_NODE_CDN_STORAGE`, `TFJS_NODE_BASE_URI` and the system's proxy variables reach it unchanged.
 * @throws CharloomError 'backend-unavailable' where there is no Node.js to run it, or when it fails
 */
export async function runOfficialInstaller(
  staging: string,
  kind: EngineKind,
  hooks: InstallHooks,
): Promise<void> {
  const node = await findNode(hooks.signal);
  const work = join(staging, 'package');
  const modules = join(work, 'node_modules');
  const copy = await copyPackage({ name: packageName, folder: packageFolder() }, installerNeeds, modules);
  const commands = join(work, 'commands');
  await writeCommand(commands, 'node', [node]);
  const builder = join(modules, '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp');
  await writeCommand(commands, 'node-pre-gyp', [node, builder]);
  hooks.onProgress(progressOf('download', 0.1, 'running the package’s installer'));
  const result = await runCommand(node, [join('scripts', 'install.js'), kind, 'download'], {
    signal: hooks.signal,
    cwd: copy,
    env: { ...process.env, PATH: `${commands}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  const libraries = join(copy, 'deps');
  if (result.code !== 0 || !existsSync(join(libraries, 'lib'))) {
    const problem = saysOffline(result)
      ? 'TensorFlow could not be downloaded: no connection.'
      : "The package's own installer failed.";
    throw new CharloomError('backend-unavailable', problem, {
      fix: `It said: ${complaint(`${result.stdout}\n${result.stderr}`)}\nA mirror can be set with TFJS_NODE_CDN_STORAGE or TFJS_NODE_BASE_URI; installing from the wheel usually works better.`,
      cause: new Error(result.stderr),
    });
  }
  await rename(libraries, join(staging, 'deps'));
  await rename(join(copy, 'lib'), join(staging, 'lib'));
  await rm(work, { recursive: true, force: true });
  if (process.platform === 'win32') await placeWindowsLibrary(staging);
}

/** A command that runs a program, for scripts that look for it on the PATH. */
async function writeCommand(folder: string, name: string, words: readonly string[]): Promise<void> {
  await makeFolder(folder);
  if (process.platform === 'win32') {
    const quoted = words.map((word) => `"${word.replaceAll('%', '%%')}"`);
    await writeFile(join(folder, `${name}.cmd`), `@${quoted.join(' ')} %*\r\n`);
    return;
  }
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(join(folder, name), `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
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
