import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Why something in the place of a file is not read; `code` is the error code that a system call would have given, or our own. */
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
  return (await openPlainWithStats(path)).file;
}

/** A file that is open for reading, and its stats. */
export interface OpenedFile {
  readonly file: FileHandle;
  readonly stats: Stats;
}

/** As `openPlain`, for callers that also need the size, which has already been read. */
export async function openPlainWithStats(path: string): Promise<OpenedFile> {
  // Without O_NONBLOCK, even opening a pipe waits for a writer. Windows has no such pipes.
  const file = await open(
    path,
    constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK),
  );
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new NoPlainFileError('EISDIR', path);
    if (!stats.isFile()) throw new NoPlainFileError('NO-PLAIN-FILE', path);
    return { file, stats };
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
  const { file, stats } = await openPlainWithStats(path);
  try {
    if (stats.size > maxBytes) throw new NoPlainFileError('TOO-LARGE', path);
    // Some system files have content but report no size.
    if (stats.size === 0) return await file.readFile('utf8');
    return (await readUpTo(file, stats.size)).toString('utf8');
  } finally {
    await file.close();
  }
}

/** `length` bytes from `start`, or fewer where the file is shorter; in portions, as one read is limited to 2 GB. */
export async function readUpTo(file: FileHandle, length: number, start = 0): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  while (filled < length) {
    const portion = Math.min(length - filled, 2 ** 28);
    const { bytesRead } = await file.read(bytes, filled, portion, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
