import { rm } from 'node:fs/promises';
import { cancelledInstallation } from '../../shared/domain/engine-words.ts';
import { CharloomError } from '../../shared/errors.ts';
import { downloadsFolder, keptDownloads } from './downloads.ts';
import { promoteEngine, stageEngine } from './engines-folder.ts';
import { lockEngines } from './install-lock.ts';

/** What came of putting an engine together. */
export interface Assembled<Result> {
  /** Of the engine's folder. */
  readonly name: string;
  readonly manifest: unknown;
  readonly result: Result;
}

/**
 * Installs an engine: everything happens in a staging folder, and only what `assemble` has put there and tested gets the name
 * under which engines are found. A failure, a cancellation or a power cut leaves what was installed before.
 * @returns the engine's folder, and what `assemble` brought
 * @throws CharloomError 'run-busy' while another installation works there, 'backend-unavailable', 'storage', 'cancelled'
 */
export async function installInto<Result>(
  root: string,
  signal: AbortSignal,
  assemble: (staging: string) => Promise<Assembled<Result>>,
): Promise<{ readonly folder: string; readonly result: Result }> {
  const lock = await lockEngines(root);
  try {
    return await installAlone(root, signal, assemble);
  } finally {
    await lock.release();
  }
}

async function installAlone<Result>(
  root: string,
  signal: AbortSignal,
  assemble: (staging: string) => Promise<Assembled<Result>>,
): Promise<{ readonly folder: string; readonly result: Result }> {
  const staging = await stageEngine(root);
  try {
    const { name, manifest, result } = await assemble(staging);
    const folder = await promoteEngine(staging, root, name, manifest);
    await rm(downloadsFolder(root), { recursive: true, force: true });
    return { folder, result };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw await asInstallError(error, signal, root);
  }
}

async function asInstallError(error: unknown, signal: AbortSignal, root: string): Promise<unknown> {
  if (signal.aborted) return new CharloomError('cancelled', cancelledInstallation(await keptDownloads(root)));
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new CharloomError('storage', `The disk of ${root} is full; nothing was changed.`, {
      fix: 'Make room, or set CHARLOOM_HOME to a folder on a larger disk.',
      cause: error,
    });
  }
  return error;
}
