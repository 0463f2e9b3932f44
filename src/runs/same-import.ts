import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashFile } from '../node/files/hash-file.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { runNames } from './library.ts';

/**
 * The run of an earlier import of the same model. An import records no time in its checkpoint, so equal files are the same model from the same file.
 * @param checkpoint path of the checkpoint of an import
 * @returns the name of one other run with it; undefined if there is none
 */
export async function earlierImport(runsFolder: string, checkpoint: string): Promise<string | undefined> {
  const own = basename(dirname(dirname(checkpoint)));
  const { size } = await stat(checkpoint);
  let sha256: string | undefined;
  for (const name of await runNames(runsFolder)) {
    if (name === own) continue;
    const other = join(runPaths(join(runsFolder, name)).checkpoints, basename(checkpoint));
    const isSameSize = await stat(other).then(
      (found) => found.size === size,
      () => false,
    );
    if (!isSameSize) continue;
    sha256 ??= await hashFile(checkpoint);
    if ((await hashFile(other).catch(() => undefined)) === sha256) return name;
  }
  return undefined;
}
