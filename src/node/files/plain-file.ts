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
 * Opens a file for reading if it is one. A run folder may come from anywhere: a pipe in the place of a file would be waited for without end,
 * and a device may never end either.
 * @throws NoPlainFileError, or what the system says
 */
export async function openPlain(path: string): Promise<FileHandle> {
  // Without it already the opening of a pipe waits for somebody to write. Windows has no such pipes.
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
 * The text of a file that holds little when it is what it should be; one beyond `maxBytes` is not read.
 * @throws NoPlainFileError, or what the system says
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
