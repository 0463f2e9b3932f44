import type { Advice } from '../../shared/advice.ts';
import { CharloomError } from '../../shared/errors.ts';

interface Explanation {
  readonly what: string;
  readonly fix: string | Advice;
}

const chooseFolder: Advice = { kind: 'choose-folder', alternative: 'none' };
const chooseOrChange: Advice = { kind: 'choose-folder', alternative: 'permissions' };

/** Error codes of the operating system that the user can act on. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOSPC: { what: 'the disk is full', fix: 'Free some space and try again.' },
  EDQUOT: { what: 'your disk quota is used up', fix: 'Free some space and try again.' },
  EFBIG: {
    what: 'the file would be larger than this system allows',
    fix: 'Raise the limit on file sizes and try again.',
  },
  EROFS: { what: 'the disk is read-only', fix: chooseFolder },
  EACCES: { what: 'permission is denied', fix: chooseOrChange },
  EPERM: { what: 'permission is denied', fix: chooseOrChange },
  ENOENT: {
    what: 'the folder does not exist',
    fix: 'It may have been moved or deleted, or its disk was removed.',
  },
  ENOTDIR: { what: 'part of the path is a file, not a folder', fix: chooseFolder },
  EISDIR: { what: 'a folder has the name of the file', fix: 'Move the folder away.' },
  'NO-PLAIN-FILE': { what: 'it is not a regular file', fix: 'Move it away.' },
  'TOO-LARGE': { what: 'it is far too large for such a file', fix: 'Move it away.' },
  ELOOP: { what: 'its links form a loop', fix: 'Remove the link.' },
  EIO: { what: 'the disk reports an error', fix: 'Save the run folder elsewhere and check the disk.' },
  ENAMETOOLONG: { what: 'the path is too long', fix: 'Use a shorter name, or a folder with a shorter path.' },
  EMFILE: { what: 'too many files are open', fix: 'Close other programs and try again.' },
};

/** Error codes for a full disk: writing works again when space is free. */
const fullDiskCodes = ['ENOSPC', 'EDQUOT'] as const;
export type FullDiskCode = (typeof fullDiskCodes)[number];

/** Where there is no room to write, and how much is needed. */
export interface MissingRoom {
  readonly code: FullDiskCode;
  /** The file or folder that was to be written. */
  readonly path: string;
  /** Bytes to be written; undefined if unknown. */
  readonly bytes: number | undefined;
}

/** Nothing could be written because the disk is full. The data is complete in memory, and nothing of it is on disk. */
export class FullDiskError extends CharloomError {
  readonly room: MissingRoom;

  constructor(message: string, room: MissingRoom, options: ConstructorParameters<typeof CharloomError>[2]) {
    super('storage', message, options);
    this.name = 'FullDiskError';
    this.room = room;
  }
}

/** The code of a failed system call, or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a system call failed because a disk is full or a quota used up. */
export function isFullDisk(error: unknown): boolean {
  const code = systemCode(error);
  return fullDiskCodes.some((one) => one === code);
}

/**
 * Describes why a file operation failed. Errors that are not system errors are internal and returned unchanged.
 * @param action what was tried, following "Could not": "save the checkpoint"
 * @param bytes to be written, if known
 */
export function storageError(error: unknown, action: string, path: string, bytes?: number): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof CharloomError) return error;
  const known = explanations[code];
  const reason = known?.what ?? `the system reports ${code}`;
  const message = `Could not ${action}: ${reason} (${path}).`;
  const options = { fix: known?.fix, cause: error };
  const full = fullDiskCodes.find((one) => one === code);
  if (full !== undefined) return new FullDiskError(message, { code: full, path, bytes }, options);
  return new CharloomError('storage', message, options);
}

/** Runs file operations; system errors become CharloomError('storage'), and FullDiskError if there is no room. */
export async function withStorageErrors<T>(
  action: string,
  path: string,
  work: () => Promise<T>,
  bytes?: number,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, action, path, bytes);
  }
}
