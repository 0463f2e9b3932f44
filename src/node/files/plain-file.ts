import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Why something in a place where a file belongs is not read; `code` is what a system call would have answered, or ours. */
export class NoPlainFileError extends Error {
  readonly code: 'EISDIR' | 'NO-PLAIN-FILE' | 'TOO-LARGE';

  constructor(code: NoPlainFileError['code'], path: string) {
    super(`${path}: ${code}`);
    this.code = code;
  }
}

/**
 * Opens a regular file for reading. A run folder may come from anywhere: reading a pipe in place of a file would wait for ever, and a device may
 * never end.
 * @throws NoPlainFileError, or the system's error
 */
export async function openPlain(path: string): Promise<FileHandle> {
  // Without it, opening a pipe already waits for a writer. Windows has no such pipes.
  const file = await open(
    path,
    constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK),
  );
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new NoPlainFileError('EISDIR', path);
    if (!stats.isFile()) throw new NoPlainFileError('NO-PLAIN-FILE', path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The text of a small file; one longer than `maxBytes` is not read.
 * @throws NoPlainFileError, or the system's error
 */
export async function readSmallText(path: string, maxBytes: number): Promise<string> {
  const file = await openPlain(path);
  try {
    if ((await file.stat()).size > maxBytes) throw new NoPlainFileError('TOO-LARGE', path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
