import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CharloomError } from '../../shared/errors.ts';
import { RunLock } from './run-lock.ts';
import { storageError } from './storage-error.ts';

/** Milliseconds that another process may take; reading and writing a small file takes a few. */
const lockTimeoutMs = 10_000;

/**
 * Works on a small file while no other Charloom process does: two that read, change and write it at the same time would undo each other's changes.
 * The lock is a file beside it, removed afterwards.
 * @param action what is being done, following "Could not"
 * @throws CharloomError 'run-busy' if another process holds it, 'storage' if the lock cannot be created, and anything the work throws
 */
export async function withShortLock<T>(path: string, action: string, work: () => Promise<T> | T): Promise<T> {
  const lock = await takePatiently(path, action);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function takePatiently(path: string, action: string): Promise<RunLock> {
  const limit = performance.now() + lockTimeoutMs;
  for (;;) {
    try {
      return await RunLock.take(dirname(path), `${basename(path)}.lock`);
    } catch (error) {
      if (!(error instanceof CharloomError)) throw error;
      // If the lock cannot be created, the file could not be written either: the error names what the user asked for.
      if (error.code !== 'run-busy') throw storageError(error.cause ?? error, action, path);
      if (performance.now() > limit) throw keptBy(path, error);
    }
    // A random pause, so that waiting processes do not stay in step.
    await wait(2 + Math.random() * 10);
  }
}

function keptBy(path: string, cause: CharloomError): CharloomError {
  return new CharloomError('run-busy', `Another Charloom is using ${path}.`, {
    fix: `Close it. If there is no other, remove ${path}.lock.`,
    cause,
  });
}
