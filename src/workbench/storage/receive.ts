import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../node/files/make-folder.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';

/** Larger than any text that can be trained on here. */
const maxBytes = 4 * 2 ** 30;

/**
 * Writes an upload to a file in a folder, under a free name; an interrupted upload leaves nothing.
 * @returns the path
 * @throws CharloomError 'storage', or 'bad-text' if it is too large
 */
export async function receiveFile(
  folder: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<string> {
  const temporary = join(folder, `.receiving-${randomUUID()}`);
  return withStorageErrors('keep the file', folder, async () => {
    await makeFolder(folder, 'keep the file');
    try {
      await writeAll(temporary, content);
      // A separate folder for each: the same name may arrive twice, with different content.
      const own = join(folder, randomUUID().slice(0, 8));
      await mkdir(own);
      const path = join(own, plainName(name));
      await rename(temporary, path);
      return path;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

async function writeAll(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  let bytes = 0;
  try {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new CharloomError('bad-text', 'The file is larger than 4 GB.');
      await file.appendFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file name from a page, without what file systems or people could trip over. */
function plainName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a name must not hold
  const plain = name.replace(/[/\\:*?"<>|\u0000-\u001f]+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  return Array.from(plain).slice(-120).join('').trim() || 'text.txt';
}
