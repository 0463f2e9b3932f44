import { join } from 'node:path';
import { RunLock } from '../files/run-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * Allows one installation at a time in the folder of engines, whichever process or window started it: two would write to the same downloads, and one
 * would delete what the other is assembling.
 * @throws CharloomError 'run-busy' while another installation is running, 'storage'
 */
export async function lockEngines(root: string): Promise<Pick<RunLock, 'release'>> {
  try {
    await makeFolder(root, 'make the engine folder');
    return await RunLock.take(root);
  } catch (error) {
    if (error instanceof CharloomError && error.code === 'run-busy') {
      throw new CharloomError('run-busy', 'An engine is already being installed.', {
        fix: `Wait until it is done, or cancel it where it was started. If no installation is running (on another computer, for example), remove ${join(root, 'run.lock')}.`,
        cause: error,
      });
    }
    throw cannotWrite(root, error);
  }
}

/** The error for an engine folder that cannot be written to. */
export function cannotWrite(root: string, cause: unknown): CharloomError {
  return new CharloomError('storage', `The engine folder ${root} cannot be written to.`, {
    fix: 'Set CHARLOOM_HOME to a writable folder.',
    cause,
  });
}
