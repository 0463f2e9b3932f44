import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportedFile, ReadFiles } from '../../engine/exchange/format.ts';
import { syncFolder, writeAtomically } from '../files/atomic.ts';
import { makeFolder } from '../files/make-folder.ts';
import { withStorageErrors } from '../files/storage-error.ts';

const action = 'write the export';

export interface TemporaryFolder {
  readonly path: string;
  /** Does nothing if it does not exist. */
  readonly remove: () => Promise<void>;
}

/** Writes files into a folder with a temporary name beside `target`, to be renamed to `target` later. Leaves nothing behind on failure. */
export async function writeFolder(target: string, files: readonly ExportedFile[]): Promise<TemporaryFolder> {
  const path = join(dirname(target), `.charloom-${randomBytes(8).toString('hex')}.tmp`);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    for (const file of files) {
      const place = join(path, ...file.path.split('/'));
      await makeFolder(dirname(place));
      await writeAtomically(place, file.pieces, action);
    }
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
  return { path, remove };
}

/** The written files, read back from disk. */
export async function readFolder(folder: string, files: readonly ExportedFile[]): Promise<ReadFiles> {
  const read = files.map(async ({ path }): Promise<[string, Uint8Array]> => [
    path,
    await readFile(join(folder, ...path.split('/'))),
  ]);
  return withStorageErrors('read the export', folder, async () => new Map(await Promise.all(read)));
}

/** Gives a temporary folder its name. */
export async function placeFolder(folder: string, target: string): Promise<void> {
  await withStorageErrors(action, target, async () => {
    await rename(folder, target);
    await syncFolder(dirname(target));
  });
}

export function sizeOfFiles(files: readonly ExportedFile[]): number {
  return files.flatMap(({ pieces }) => pieces).reduce((sum, piece) => sum + piece.length, 0);
}
