import type { Advice } from '../../shared/advice.ts';
import { CharloomError } from '../../shared/errors.ts';

interface Explanation {
  readonly what: string;
  readonly fix: string | Advice;
}

const chooseFolder: Advice = { kind: 'choose-folder', alternative: 'none' };
const chooseOrChange: Advice = { kind: 'choose-folder', alternative: 'permissions' };

/** The operating system's codes that a person can do something about. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOSPC: { what: 'the disk is full', fix: 'Make room, then resume the run: it goes on from its last save.' },
  EDQUOT: {
    what: 'your disk quota is used up',
    fix: 'Make room, then resume the run: it goes on from its last save.',
  },
  EFBIG: {
    what: 'the file would be larger than this system allows',
    fix: 'Raise the limit on file sizes, then resume the run: it goes on from its last save.',
  },
  EROFS: { what: 'the disk is read-only', fix: chooseFolder },
  EACCES: { what: 'permission is denied', fix: chooseOrChange },
  EPERM: { what: 'permission is denied', fix: chooseOrChange },
  ENOENT: { what: 'the folder is gone', fix: 'Was it moved, deleted, or on a disk that was taken out?' },
  ENOTDIR: { what: 'part of the path is a file, not a folder', fix: chooseFolder },
  EISDIR: { what: 'there is a folder where a file belongs', fix: 'Move the folder away.' },
  'NO-PLAIN-FILE': { what: 'it is no plain file', fix: 'Move it away.' },
  'TOO-LARGE': { what: 'it is far larger than such a file can be', fix: 'Move it away.' },
  ELOOP: { what: 'its links lead round in a circle', fix: 'Remove the link.' },
  EIO: { what: 'the disk reports an error', fix: 'Save the run folder elsewhere and check the disk.' },
  ENAMETOOLONG: { what: 'the path is too long', fix: 'Use a shorter name, or a folder with a shorter path.' },
  EMFILE: { what: 'too many files are open', fix: 'Close other programs and try again.' },
};

/** The code of a failed system call, or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Says in words why a file operation failed. Errors that are no system call's are defects and come back as they are.
 * @param action what was tried, in a form that follows "Could not": "save the checkpoint"
 */
export function storageError(error: unknown, action: string, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof CharloomError) return error;
  const known = explanations[code];
  const reason = known?.what ?? `the system says ${code}`;
  return new CharloomError('storage', `Could not ${action}: ${reason} (${path}).`, {
    fix: known?.fix,
    cause: error,
  });
}

/** Runs file operations; what the system refuses becomes CharloomError('storage'). */
export async function withStorageErrors<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, action, path);
  }
}
