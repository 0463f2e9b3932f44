import { rm } from 'node:fs/promises';
import { cancelledInstallation } from '../../shared/domain/engine-words.ts';
import { CharloomError } from '../../shared/errors.ts';
import { clearDownloads, keptDownloads } from './downloads.ts';
import { promoteEngine, stageEngine } from './engines-folder.ts';
import { lockEngines } from './install-lock.ts';

/** How an engine is installed. */
interface Installing<Result> {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Matches the names of downloads that are not needed afterwards. */
  readonly downloads: RegExp;
  /** Assembles the engine in the staging folder and tests it there. */
  readonly assemble: (staging: string) => Promise<Assembled<Result>>;
}

/** An installed engine. */
interface Installed<Result> {
  readonly folder: string;
  readonly result: Result;
}

/** The result of assembling an engine. */
export interface Assembled<Result> {
  /** Of the engine's folder. */
  readonly name: string;
  readonly manifest: unknown;
  readonly result: Result;
}

/**
 * Installs an engine: everything happens in a staging folder, and only an assembled and tested engine gets the name under which engines are found.
 * After a failure, a cancellation or a power cut the earlier engine is still there.
 * @returns the engine's folder, and the result of `assemble`
 * @throws CharloomError 'run-busy' during another installation, 'backend-unavailable', 'storage', 'cancelled'
 */
export async function installInto<Result>(installing: Installing<Result>): Promise<Installed<Result>> {
  const lock = await lockEngines(installing.root);
  try {
    return await installAlone(installing);
  } finally {
    await lock.release();
  }
}

async function installAlone<Result>({
  root,
  signal,
  downloads,
  assemble,
}: Installing<Result>): Promise<Installed<Result>> {
  const staging = await stageEngine(root);
  try {
    const { name, manifest, result } = await assemble(staging);
    const folder = await promoteEngine(staging, root, name, manifest);
    await clearDownloads(root, downloads);
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
      fix: 'Free some space, or set CHARLOOM_HOME to a folder on a larger disk.',
      cause: error,
    });
  }
  return error;
}
