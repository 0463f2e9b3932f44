import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface FetchFileOptions {
  readonly signal: AbortSignal;
  /** Called with the downloaded bytes, and the total if the server reports it. */
  onProgress(bytes: number, total: number | undefined): void;
}

/**
 * `complete`: the file is there (its contents still unchecked). `broken`: the connection broke, and further attempts got nothing more; the
 * partial file is kept. `refused`: the server cannot be reached or does not provide the file, regardless of earlier downloads.
 */
export type FetchOutcome = 'complete' | 'broken' | 'refused';

/** One attempt. `unreachable`: no response. */
type Try = FetchOutcome | 'unreachable';

/** A connection that breaks this many times in a row without a further byte is not tried again. */
const emptyTries = 3;
/** A server that sends nothing for this long is considered gone. */
const silenceMilliseconds = 60_000;

/** Downloads a file, continuing after what `partial` already contains. Throws only when cancelled or when the disk fails. */
export async function fetchFile(
  address: string,
  partial: string,
  options: FetchFileOptions,
): Promise<FetchOutcome> {
  let kept = await sizeOf(partial);
  // The largest size ever reached, not the last one: a server that always starts at zero would otherwise be retried for ever.
  let furthest = kept;
  let hasAnswered = false;
  for (let left = emptyTries; left > 0;) {
    const outcome = await fetchRest(address, partial, kept, options);
    options.signal.throwIfAborted();
    if (outcome === 'complete' || outcome === 'refused') return outcome;
    hasAnswered ||= outcome === 'broken';
    kept = await sizeOf(partial);
    left = kept > furthest ? emptyTries : left - 1;
    furthest = Math.max(furthest, kept);
  }
  return hasAnswered && kept > 0 ? 'broken' : 'refused';
}

async function fetchRest(
  address: string,
  partial: string,
  from: number,
  { signal, onProgress }: FetchFileOptions,
): Promise<Try> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, silenceMilliseconds);
  let outcome: Try = 'unreachable';
  try {
    const response = await fetch(address, {
      signal: AbortSignal.any([signal, silence.signal]),
      // With compression, byte ranges would not refer to the file's own bytes.
      headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
    });
    outcome = 'broken';
    const start = startOf(response, from);
    if (typeof start === 'string' || response.body === null) {
      await response.body?.cancel();
      return typeof start === 'string' ? start : 'refused';
    }
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
    await pipeline(counted(response.body), createWriteStream(partial, { flags: start > 0 ? 'a' : 'w' }));
    return total === undefined || bytes >= total ? 'complete' : 'broken';
  } catch (error) {
    if (isDiskError(error)) throw error;
    return outcome;
  } finally {
    clearTimeout(timer);
  }
}

/** The byte at which a response starts, or the result if it has no body. */
function startOf(response: Response, from: number): number | FetchOutcome {
  // The file has nothing beyond what we have.
  if (from > 0 && response.status === 416) return 'complete';
  if (!response.ok) return 'refused';
  if (response.status !== 206) return 0;
  const begins = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  // Appending a different range than requested would corrupt the file.
  return Number(begins) === from ? from : 'refused';
}

/** Only a failed file operation has `syscall` itself: a network failure arrives as the `cause` of an error from fetch. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
