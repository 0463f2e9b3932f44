import { open, type FileHandle } from 'node:fs/promises';
import type { MetricEvent } from '../../shared/domain/run-event.ts';
import { decodeMetric, encodeMetric } from './metrics.ts';
import { PositionFilter, type ResumePosition } from './moments.ts';
import { openPlain } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/** Lines are buffered in memory until there are this many characters or flush is called. */
const bufferedCharacters = 1 << 16;

/**
 * `metrics.jsonl` of a run that trains: lines are only appended. A line torn by a power cut or a full disk is cut off when the log is opened again,
 * and so is everything after the save that a run resumes from, so that nothing is recorded twice.
 */
export class MetricsLog {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #checkHeld: () => Promise<void>;
  /** Bytes in the file. */
  #bytes: number;
  /** How many of these are certainly on the disk. */
  #safeBytes: number;
  /** Buffered lines, not yet in the file. */
  #waiting = '';
  /** Lines in the file that may not be on the disk yet. */
  #unsafe = '';

  private constructor(path: string, file: FileHandle, bytes: number, checkHeld: () => Promise<void>) {
    this.#path = path;
    this.#file = file;
    this.#checkHeld = checkHeld;
    this.#bytes = bytes;
    this.#safeBytes = bytes;
  }

  /**
   * Opens or creates the log and cuts it to the events up to `until`.
   * @param checkHeld throws if the run no longer belongs to this process; called before every write. A process whose computer was disconnected may
   * continue after another process has taken over the run, and would mix its lines into the other's.
   */
  static async open(
    path: string,
    until: ResumePosition,
    checkHeld: () => Promise<void> = () => Promise.resolve(),
  ): Promise<MetricsLog> {
    return withStorageErrors('open the metrics', path, async () => {
      const file = await open(path, 'a+');
      try {
        const bytes = await bytesUntil(path, until);
        await file.truncate(bytes);
        return new MetricsLog(path, file, bytes, checkHeld);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /** Adds a line; the next flush writes it. */
  add(event: MetricEvent): void {
    this.#waiting += `${encodeMetric(event)}\n`;
  }

  get isFlushDue(): boolean {
    return this.#waiting.length >= bufferedCharacters;
  }

  /** Writes the buffered lines. A failure leaves no torn line behind, and the lines stay buffered. */
  async flush(): Promise<void> {
    const lines = this.#waiting;
    if (lines === '') return;
    await this.#checkHeld();
    const bytes = Buffer.from(lines);
    const write = async (): Promise<void> => {
      try {
        await this.#file.appendFile(bytes);
      } catch (error) {
        await this.#cut(this.#bytes);
        throw error;
      }
    };
    await withStorageErrors('write the metrics', this.#path, write, bytes.length);
    this.#bytes += bytes.length;
    this.#unsafe += lines;
    this.#waiting = this.#waiting.slice(lines.length);
  }

  /** Flushes and waits until the data is on the disk. */
  async sync(): Promise<void> {
    await this.flush();
    const write = async (): Promise<void> => {
      try {
        await this.#file.sync();
      } catch (error) {
        // Some file systems report a full disk only here. Which lines they have kept is unknown: all of them are written again.
        await this.#cut(this.#safeBytes);
        this.#bytes = this.#safeBytes;
        this.#waiting = this.#unsafe + this.#waiting;
        this.#unsafe = '';
        throw error;
      }
    };
    await withStorageErrors('write the metrics', this.#path, write, this.#bytes - this.#safeBytes);
    this.#safeBytes = this.#bytes;
    this.#unsafe = '';
  }

  async #cut(bytes: number): Promise<void> {
    await this.#file.truncate(bytes).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Bytes of the whole lines at the start of the log that belong to the run up to `until`. */
async function bytesUntil(path: string, until: ResumePosition): Promise<number> {
  const filter = new PositionFilter(until);
  let bytes = 0;
  for await (const line of wholeLines(path)) {
    if (!filter.includes(line.text)) break;
    bytes += line.bytes;
  }
  return bytes;
}

/** A run's metrics in the order they were written; torn and damaged lines are skipped. None if there is no log. */
export async function* readMetrics(path: string): AsyncGenerator<MetricEvent> {
  try {
    for await (const line of wholeLines(path)) {
      const event = decodeMetric(line.text);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

interface Line {
  /** Without its line end; empty for a line that is too long to be one of ours. */
  readonly text: string;
  /** Its length in the file, including its line end. */
  readonly bytes: number;
}

/** No line of ours comes near it; a file without line ends must not fill the memory. */
const longestLine = 1 << 20;

/** Lines that end with a line end. */
async function* wholeLines(path: string): AsyncGenerator<Line> {
  const file = await openPlain(path);
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current line that have been discarded. */
  let dropped = 0;
  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      yield { text: dropped > 0 ? '' : bytes.toString('utf8', 0, end), bytes: dropped + end + 1 };
      dropped = 0;
      bytes = bytes.subarray(end + 1);
    }
    if (dropped + bytes.length > longestLine) {
      dropped += bytes.length;
      bytes = Buffer.alloc(0);
    }
    rest = bytes;
  }
}
