import { randomUUID } from 'node:crypto';
import { memoryWords } from '../../shared/compute/memory-words.ts';
import {
  readDocumentItemSchema,
  type DocumentReport,
  type ReadChoices,
} from '../../shared/domain/documents.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import { ComputeTask } from '../compute-task.ts';
import type { ForkProcess } from '../process.ts';

export interface ReadFileRequest {
  readonly path: string;
  /** The file's name, for sentences. */
  readonly name: string;
  readonly choices: ReadChoices;
  /** Where its text is written, in UTF-8. */
  readonly output: string;
}

export interface ReadFileHooks {
  readonly signal?: AbortSignal | undefined;
  /** Share of the work done, 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Milliseconds that a file may take, and more for each of its pages: an endless PDF cannot be stopped from inside. */
export const readingTimeMs = { file: 30_000, page: 100 } as const;
const heapMegabytes = 1024;

/**
 * Reads one untrusted file in a separate process, which is ended when it exceeds its limits of time or memory.
 * @throws CharloomError 'bad-text' with advice, 'storage', or 'cancelled'
 */
export async function readFileInProcess(
  fork: ForkProcess,
  request: ReadFileRequest,
  { signal, onProgress }: ReadFileHooks = {},
): Promise<DocumentReport> {
  if (signal?.aborted) throw cancelled();
  let report: DocumentReport | undefined;
  const deadline = new Deadline(() => task.kill());
  const task = new ComputeTask({
    fork,
    name: `charloom-document-${randomUUID().slice(0, 8)}`,
    heapMegabytes,
    job: { kind: 'read-document', ...request },
    onReport: (told) => {
      if (told.kind !== 'item') return;
      const item = readDocumentItemSchema.parse(told.item);
      if (item.kind === 'read') report = item.report;
      else {
        deadline.extend(item.pages ?? 0);
        onProgress?.(item.fraction);
      }
    },
  });
  const outcome = await task.endedUnless(signal, cancelled).finally(() => deadline.end());
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  if (outcome.kind === 'done' && report !== undefined) return report;
  throw endedEarly(request.name, deadline.hasPassed, outcome.kind === 'crashed' ? outcome.lastWords : []);
}

/** Calls back when the time for a file is over; each page adds to the time. */
class Deadline {
  hasPassed = false;
  readonly #pass: () => void;
  readonly #began = performance.now();
  #pages = 0;
  #timer: NodeJS.Timeout;

  constructor(onPassed: () => void) {
    this.#pass = () => {
      this.hasPassed = true;
      onPassed();
    };
    this.#timer = setTimeout(this.#pass, readingTimeMs.file);
  }

  extend(pages: number): void {
    if (pages <= this.#pages || this.hasPassed) return;
    this.#pages = pages;
    clearTimeout(this.#timer);
    const most = readingTimeMs.file + pages * readingTimeMs.page;
    this.#timer = setTimeout(this.#pass, most - (performance.now() - this.#began));
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function endedEarly(name: string, isLate: boolean, lastWords: readonly string[]): CharloomError {
  const fix = 'Open it in the program that created it, save it as plain text, and import that file.';
  if (isLate) return new CharloomError('bad-text', `${name} takes too long to read.`, { fix });
  const isOutOfMemory = lastWords.some(
    (line) => line.includes(memoryWords) || /heap out of memory/i.test(line),
  );
  return isOutOfMemory
    ? new CharloomError('bad-text', `${name} needs too much memory to read.`, { fix })
    : new CharloomError('bad-text', `${name} cannot be read: its reader ended unexpectedly.`, { fix });
}

function cancelled(): CharloomError {
  return new CharloomError('cancelled', 'Reading the documents was cancelled.');
}
