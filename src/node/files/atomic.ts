import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode, withStorageErrors } from './storage-error.ts';

const temporaryName = /^\.charloom-[0-9a-f]{16}\.tmp$/;

/**
 * Writes a file so that at every moment, even in a power cut, its path contains either all of the earlier content or all of the new: into a temporary
 * file beside it, synced, renamed, and the folder synced. A failure leaves the earlier file unchanged.
 * @param action what is being done, following "Could not"
 * @throws CharloomError('storage')
 */
export async function writeAtomically(
  path: string,
  pieces: readonly (Uint8Array | string)[],
  action = `write ${basename(path)}`,
): Promise<void> {
  const folder = dirname(path);
  // Does not depend on the file's own name, which may already have the maximum length.
  const temporary = join(folder, `.charloom-${randomBytes(8).toString('hex')}.tmp`);
  const bytes = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const write = async (): Promise<void> => {
    try {
      await writeSynced(temporary, pieces);
      await replace(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(folder);
  };
  await withStorageErrors(action, path, write, bytes);
}

async function writeSynced(path: string, pieces: readonly (Uint8Array | string)[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** On Windows a virus scanner or an indexer may hold either file for a moment. */
async function replace(from: string, to: string): Promise<void> {
  const attempts = process.platform === 'win32' ? 8 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const transient = ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
      if (!transient || attempt === attempts) throw error;
      await wait(10 * 2 ** attempt);
    }
  }
}

/** Makes a rename or a new file survive a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network and FUSE file systems refuse to sync a folder; the file itself is synced.
    if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EBADF'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** Removes what writeAtomically left in a folder when its process was killed. Only for the holder of the folder's lock. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter((name) => temporaryName.test(name));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { force: true })));
}
