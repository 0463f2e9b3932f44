import { readFile, stat } from 'node:fs/promises';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';
import { CharloomError } from '../shared/errors.ts';

/** Maximum bytes of a file that is read whole into memory. */
const most = 100_000_000;

/** A text file in UTF-8. Throws CharloomError 'not-found', 'bad-text' if it is too large, or 'storage'. */
export async function readTextOf(path: string): Promise<string> {
  return withStorageErrors('read the file', path, async () => {
    const { size } = await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
      throw new CharloomError('not-found', `There is no file at ${path}.`, { cause: error });
    });
    if (size > most) throw new CharloomError('bad-text', `${path} is too large for a booklet.`);
    return readFile(path, 'utf8');
  });
}
