import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sizeOf } from '../files/sizes.ts';
import { storageError } from '../files/storage-error.ts';
import { enginesFolder } from './engines-folder.ts';
import { lockEngines } from './install-lock.ts';

/** Downloads of an unfinished installation, complete and partial: the next installation continues them. */
export function downloadsFolder(root = enginesFolder()): string {
  return join(root, '.downloads');
}

/** Bytes of the kept downloads. pip's working folders are not counted: they are deleted when pip ends. */
export async function keptDownloads(root = enginesFolder()): Promise<number> {
  const folder = downloadsFolder(root);
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.(whl|tgz)(\.partial)?$/.test(name),
  );
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes the downloads of one engine, once it is installed. */
export async function clearDownloads(root: string, names: RegExp): Promise<void> {
  const folder = downloadsFolder(root);
  const done = (await readdir(folder).catch(() => [])).filter((name) => names.test(name));
  for (const name of done) await rm(join(folder, name), { recursive: true, force: true });
  // Succeeds only if nothing of another engine is left.
  await rmdir(folder).catch(() => undefined);
}

/**
 * Deletes them and returns the number of bytes.
 * @throws CharloomError 'run-busy' while an installation in any process may be using them; 'storage'
 */
export async function removeDownloads(root = enginesFolder()): Promise<number> {
  const lock = await lockEngines(root);
  try {
    const bytes = await keptDownloads(root);
    const folder = downloadsFolder(root);
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      throw storageError(error, 'remove the download', folder);
    });
    return bytes;
  } finally {
    await lock.release();
  }
}
