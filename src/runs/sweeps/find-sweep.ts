import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { runFolderName } from '../../node/files/names.ts';
import { systemCode, withStorageErrors } from '../../node/files/storage-error.ts';
import { sweepExtension, sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { readSweepRecord } from '../../node/sweeps/sweep-record.ts';
import type { SweepHead } from '../../shared/domain/sweep.ts';
import { CharloomError } from '../../shared/errors.ts';

/** A sweep whose record cannot be read. */
export interface DamagedSweep {
  readonly id: string;
  readonly path: string;
  /** One sentence. */
  readonly problem: string;
}

export interface SweepList {
  /** Newest first. */
  readonly sweeps: readonly SweepHead[];
  readonly damaged: readonly DamagedSweep[];
}

/**
 * The sweeps of a runs folder. One that does not exist has none.
 * @throws CharloomError('storage') when the folder cannot be listed
 */
export async function listSweeps(runsFolder: string): Promise<SweepList> {
  const sweeps: SweepHead[] = [];
  const damaged: DamagedSweep[] = [];
  for (const id of await sweepNames(runsFolder)) {
    const path = join(resolve(runsFolder), id);
    try {
      const { name, created, tasks } = await readSweepRecord(path);
      sweeps.push({ id, path, name, created, tasks });
    } catch (error) {
      if (!(error instanceof CharloomError)) throw error;
      damaged.push({ id, path, problem: error.message });
    }
  }
  const newestFirst = sweeps.toSorted((a, b) => Date.parse(b.created) - Date.parse(a.created));
  return { sweeps: newestFirst, damaged };
}

async function sweepNames(runsFolder: string): Promise<readonly string[]> {
  const root = resolve(runsFolder);
  const names = await withStorageErrors('list the sweeps', root, () => readdir(root)).catch(
    (error: unknown) => {
      if (error instanceof CharloomError && systemCode(error.cause) === 'ENOENT') return [];
      throw error;
    },
  );
  const found: string[] = [];
  for (const name of names.toSorted()) {
    if (name.endsWith(sweepExtension) && (await isSweepFolder(join(root, name)))) found.push(name);
  }
  return found;
}

/**
 * The folder of a sweep, given its name in the runs folder or the path of its folder.
 * @returns an absolute path
 * @throws CharloomError('not-found'), listing the existing sweeps
 */
export async function findSweep(nameOrPath: string, runsFolder: string): Promise<string> {
  const isName = basename(nameOrPath) === nameOrPath && !/[\\/]/.test(nameOrPath);
  const inLibrary = isName
    ? [nameOrPath, `${nameOrPath}${sweepExtension}`, `${runFolderName(nameOrPath, 1)}${sweepExtension}`]
    : [];
  const places = [...inLibrary.map((name) => resolve(runsFolder, name)), resolve(nameOrPath)];
  for (const place of places) if (await isSweepFolder(place)) return place;
  const names = (await sweepNames(runsFolder)).map((name) => name.slice(0, -sweepExtension.length));
  const fix =
    names.length === 0
      ? `There are no sweeps in ${resolve(runsFolder)}; --out names another folder.`
      : `The sweeps in ${resolve(runsFolder)} are ${names.slice(0, 8).join(', ')}.`;
  throw new CharloomError('not-found', `There is no sweep named “${nameOrPath}”.`, { fix });
}

/** Whether a folder contains the record of a sweep. */
export async function isSweepFolder(folder: string): Promise<boolean> {
  return stat(sweepPaths(folder).record).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
