import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CharloomError } from '../../shared/errors.ts';

/**
 * For files that the user names: writing there must replace nothing, not even a dangling link.
 * @throws CharloomError 'usage' if something of this name exists
 */
export async function refuseExisting(path: string): Promise<void> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new CharloomError('usage', `There is already a file or folder named ${basename(path)}.`, {
    fix: 'Choose another name, or move it away first.',
  });
}

/**
 * Refuses to write to a file that is also an input, under any name, also through symbolic and hard links.
 * @throws CharloomError 'usage'
 */
export async function refuseInput(path: string, inputs: readonly string[]): Promise<void> {
  const identity = await identityOf(path);
  if (identity === undefined) return;
  for (const input of inputs) {
    if ((await identityOf(input)) !== identity) continue;
    throw new CharloomError('usage', `${basename(path)} is one of the files to read: it is never replaced.`, {
      fix: 'Choose another name for the output.',
    });
  }
}

/** Device and inode; undefined where there is no file. Bigints, because inodes of Windows exceed a double. */
async function identityOf(path: string): Promise<string | undefined> {
  return stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
}
