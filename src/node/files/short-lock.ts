import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CharloomError } from '../../shared/errors.ts';
import { RunLock } from './run-lock.ts';
import { storageError } from './storage-error.ts';

/** Milliseconds that another process may take; reading and writing a small file takes a few. */
const lockTimeoutMs = 10_000;

/**
 * Does something to a small file while no other process of Charloom's does: two that read it, change it and write it at once would each
 * take away what the other wrote. The lock is a file beside it, and gone afterwards.
 * @param action what a person would call it, following "Could not"
 * @throws CharloomError 'run-busy' when another process keeps it, 'storage' when there cannot be a lock, and whatever the work throws
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
      // Where no lock can be made, the file could not be written either: that is what a person has tried.
      if (error.code !== 'run-busy') throw storageError(error.cause ?? error, action, path);
      if (performance.now() > limit) throw keptBy(path, error);
    }
    // Not in step with whoever waits, too.
    await wait(2 + Math.random() * 10);
  }
}

function keptBy(path: string, cause: CharloomError): CharloomError {
  return new CharloomError('run-busy', `Another Charloom is using ${path}.`, {
    fix: `Close it. If there is no other, remove ${path}.lock.`,
    cause,
  });
}
