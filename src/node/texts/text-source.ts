import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CharloomError } from '../../shared/errors.ts';

/** A text file that can be read from its beginning as often as needed, in pieces. */
export interface TextSource {
  readonly path: string;
  readonly bytes: number;
  /** The first `length` bytes, fewer when the file is shorter. */
  head(length: number): Promise<Uint8Array>;
  /** The bytes in order; a piece is overwritten when the next is requested. Throws 'cancelled' by the signal. */
  pieces(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
  close(): Promise<void>;
}

const pieceBytes = 256 * 1024;
/** Counters are 32 bits wide. */
const largestText = 2 ** 32 - 1;

/**
 * Opens a file to read text from. A pipe is read into memory, because a text is read twice.
 * @throws CharloomError 'not-found', 'bad-text' (a folder, an empty or too large file) or 'storage' (not allowed to read it).
 */
export async function openTextSource(path: string): Promise<TextSource> {
  const handle = await openOrExplain(path);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw await folderError(path);
    const source = stats.isFile() ? fileSource(path, handle, stats.size) : await pipeSource(path, handle);
    if (source.bytes === 0) throw emptyError(path, stats.isFile());
    if (source.bytes > largestText) {
      throw new CharloomError('bad-text', `${path} is larger than 4 GB, the most that can be read.`, {
        fix: 'Split it and train on one part.',
      });
    }
    return source;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A pipe can be read only once: a second reader gets nothing. */
function emptyError(path: string, isFile: boolean): CharloomError {
  if (isFile) return new CharloomError('bad-text', `${path} is empty.`);
  return new CharloomError('bad-text', `${path} is a pipe, not a file, and nothing was written to it.`, {
    fix: { kind: 'locate-text' },
  });
}

/** Advice on common mistakes in a path; undefined if there is none. */
function pathFix(path: string): string | undefined {
  // A single letter is a drive of Windows.
  if (/\b[a-z]{2,}:\/{1,2}\w/i.test(path))
    return 'This is a web address: save the page as a text file, and give that file.';
  return /(?:^|\/)~/.test(path)
    ? 'Inside quotes, ~ does not mean your home folder: write the path without quotes, or start it with $HOME.'
    : undefined;
}

async function openOrExplain(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw await readError(path, cause);
  }
}

/** Describes why a file cannot be read. */
async function readError(path: string, cause: unknown): Promise<unknown> {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CharloomError('not-found', `There is no file ${path}.`, { cause, fix: pathFix(path) });
    case 'EISDIR':
      return folderError(path);
    case 'EACCES':
    case 'EPERM':
      return new CharloomError('storage', `${path} cannot be read: permission denied.`, { cause });
    case 'EIO':
    case 'EBUSY':
      return new CharloomError('storage', `${path} cannot be read: ${String(cause)}.`, { cause });
    default:
      return cause;
  }
}

/** char-rnn takes folders that contain input.txt; Charloom takes the file itself. */
async function folderError(path: string): Promise<CharloomError> {
  const names = await readdir(path).catch(() => []);
  const texts = names.filter((name) => name.toLowerCase().endsWith('.txt')).sort();
  const chosen = texts.find((name) => name === 'input.txt') ?? texts[0];
  const fix = chosen ? `Give the text file: ${join(path, chosen)}` : 'Give a text file inside it.';
  return new CharloomError('bad-text', `${path} is a folder, not a text file.`, { fix });
}

function fileSource(path: string, handle: FileHandle, bytes: number): TextSource {
  return {
    path,
    bytes,
    async head(length) {
      const buffer = new Uint8Array(Math.min(length, bytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    },
    async *pieces(signal) {
      const buffer = new Uint8Array(Math.min(pieceBytes, Math.max(1, bytes)));
      for (let position = 0; position < bytes;) {
        throwIfCancelled(signal);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position).catch(async (cause) => {
          throw await readError(path, cause);
        });
        if (bytesRead === 0) return;
        // Never beyond the size seen at first: a file that grows meanwhile is read as it was.
        yield buffer.subarray(0, Math.min(bytesRead, bytes - position));
        position += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}

async function pipeSource(path: string, handle: FileHandle): Promise<TextSource> {
  const whole = new Uint8Array(await handle.readFile());
  return {
    path,
    bytes: whole.length,
    head: (length) => Promise.resolve(whole.subarray(0, length)),
    async *pieces(signal) {
      for (let position = 0; position < whole.length; position += pieceBytes) {
        throwIfCancelled(signal);
        // Yields to the event loop, as reading a file does: a signal arrives through it.
        await new Promise<void>((resolve) => setImmediate(resolve));
        yield whole.subarray(position, position + pieceBytes);
      }
    },
    close: () => handle.close(),
  };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CharloomError('cancelled', 'Reading the text was cancelled.');
}
