import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder } from '../files/data-folders.ts';
import { makeFolder } from '../files/make-folder.ts';
import { storageError, systemCode } from '../files/storage-error.ts';
import { cannotWrite } from './install-lock.ts';

/**
 * Engines are in a folder of the user, not of a checkout: every checkout and the packaged app share them. One engine is one folder with an
 * `engine.json`; a folder without it (or with one that cannot be read) is not an engine and is never loaded.
 */
const manifestName = 'engine.json';
const stagingPrefix = '.installing-';
/** For an engine that is being replaced; its name follows. */
const asidePrefix = '.replaced-';

/** The folder of engines, beside everything else that Charloom stores (data-folders.ts). */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(homeFolder(environment), 'engines');
}

/** The folders that may hold an engine, by name; none where there is no folder of engines. */
export async function engineFolders(root: string): Promise<readonly string[]> {
  try {
    const names = await readdir(root);
    return names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw storageError(error, 'list the engines', root);
  }
}

/** The manifest in an engine's folder, unchecked; undefined if it cannot be read. */
export async function readManifest(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, manifestName), 'utf8'));
  } catch {
    return undefined;
  }
}

/** A new folder in which an engine is assembled; remains of killed installations are removed. Needs the lock (lockEngines). */
export async function stageEngine(root: string): Promise<string> {
  try {
    await makeFolder(root, 'make the engine folder');
    await sweepStaging(root);
    return await mkdtemp(join(root, stagingPrefix));
  } catch (error) {
    throw cannotWrite(root, error);
  }
}

/**
 * Makes a finished engine visible in one step: writes its manifest, then renames the whole folder to its final name. An older engine of that name is
 * renamed first and deleted last.
 * @param name the final name of the folder
 */
export async function promoteEngine(
  staging: string,
  root: string,
  name: string,
  manifest: unknown,
): Promise<string> {
  await writeFile(join(staging, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  const target = join(root, name);
  const old = join(root, `${asidePrefix}${name}`);
  if (existsSync(target)) await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    await restore(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
  return target;
}

/** Restores the name of a renamed engine, unless the replacement already has it. */
async function restore(aside: string, target: string): Promise<void> {
  if (existsSync(aside) && !existsSync(target)) await rename(aside, target);
}

/** The holder of the lock is the only process at work: all leftovers are from installations that were killed. */
async function sweepStaging(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name.startsWith(asidePrefix))
      await restore(join(root, name), join(root, name.slice(asidePrefix.length)));
    else if (!name.startsWith(stagingPrefix)) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
}
