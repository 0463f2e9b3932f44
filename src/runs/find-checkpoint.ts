import { join } from 'node:path';
import { checkpointPaths, readCheckpointHeader } from '../node/files/checkpoint-files.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { runNames } from './library.ts';

/** The checkpoint in a runs folder with this content, by the checksum in its header: searching hundreds is fast. Files that cannot be read are skipped. */
export async function findCheckpoint(checksum: string, runsFolder: string): Promise<string | undefined> {
  for (const name of await runNames(runsFolder)) {
    const paths = await checkpointPaths(runPaths(join(runsFolder, name)).checkpoints).catch(() => []);
    for (const path of paths) {
      const header = await readCheckpointHeader(path).catch(() => undefined);
      if (header?.checksum === checksum) return path;
    }
  }
  return undefined;
}
