import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface FetchFileOptions {
  readonly signal: AbortSignal;
  /** Told of the bytes that are there and those there will be, where the server says so. */
  onProgress(bytes: number, total: number | undefined): void;
}

/**
 * `complete`: the file is there (its contents still unchecked). `broken`: the connection broke, and trying again brought nothing more; what came
 * is kept. `refused`: the server cannot be reached or does not hand the file out to us.
 */
export type FetchOutcome = 'complete' | 'broken' | 'refused';

/** A connection that breaks this often in a row without a byte more is not worth another try. */
const emptyTries = 3;
/** A server that says nothing for this long has gone. */
const silenceMilliseconds = 60_000;

/**
 * Fetches a file, going on from whatever `partial` holds already. Throws only when cancelled or when the disk fails.
 */
export async function fetchFile(
  address: string,
  partial: string,
  options: FetchFileOptions,
): Promise<FetchOutcome> {
  let kept = await sizeOf(partial);
  for (let left = emptyTries; left > 0;) {
    const outcome = await fetchRest(address, partial, kept, options);
    options.signal.throwIfAborted();
    if (outcome !== 'broken') return outcome;
    const now = await sizeOf(partial);
    left = now > kept ? emptyTries : left - 1;
    kept = now;
  }
  return kept > 0 ? 'broken' : 'refused';
}

async function fetchRest(
  address: string,
  partial: string,
  from: number,
  { signal, onProgress }: FetchFileOptions,
): Promise<FetchOutcome> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, silenceMilliseconds);
  try {
    const response = await fetch(address, {
      signal: AbortSignal.any([signal, silence.signal]),
      // Compressed on the way, the ranges would count other bytes than the file's.
      headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
    });
    // 416: there is nothing after what we have.
    if (from > 0 && response.status === 416) return 'complete';
    if (!response.ok || response.body === null) return 'refused';
    const start = response.status === 206 ? from : 0;
    const length = Number(response.headers.get('content-length'));
    const total = length > 0 ? start + length : undefined;
    let bytes = start;
    const counted = async function* (source: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of source) {
        timer.refresh();
        bytes += piece.length;
        onProgress(bytes, total);
        yield piece;
      }
    };
    const file = createWriteStream(partial, { flags: start > 0 ? 'a' : 'w' });
    await pipeline(counted(response.body), file);
    return total === undefined || bytes >= total ? 'complete' : 'broken';
  } catch (error) {
    if (isDiskError(error)) throw error;
    return 'broken';
  } finally {
    clearTimeout(timer);
  }
}

/** The file system's errors have a `syscall` and a path; the network's do not have the path. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || 'path' in error);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
