import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { memoryWords } from '../shared/compute/memory-words.ts';
import { importReportSchema, type ImportReport } from '../shared/domain/import-report.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** The file or folder to import. */
export interface ImportRequest {
  /** A file or a folder. */
  readonly path: string;
  /** Where the run that it becomes is created. */
  readonly runsFolder: string;
}

/** The largest model takes a fraction of it. */
const importTimeMs = 120_000;
const heapMegabytes = 4096;

/**
 * Imports a model in a separate process, which is ended when it exceeds its limits of time or memory.
 * @throws CharloomError 'bad-checkpoint' or 'incompatible' with advice, 'not-found', 'storage', or 'cancelled'
 */
export async function importInProcess(
  fork: ForkProcess,
  request: ImportRequest,
  signal?: AbortSignal,
): Promise<ImportReport> {
  let report: ImportReport | undefined;
  const task = new ComputeTask({
    fork,
    name: `charloom-import-${randomUUID().slice(0, 8)}`,
    heapMegabytes,
    job: { kind: 'import-model', ...request },
    onReport: (told) => {
      if (told.kind === 'item') report = importReportSchema.parse(told.item);
    },
  });
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    task.kill();
  }, importTimeMs);
  const outcome = await task.endedUnless(signal, cancelled).finally(() => clearTimeout(deadline));
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  if (outcome.kind === 'done' && report !== undefined) return report;
  const words = outcome.kind === 'crashed' ? outcome.lastWords : [];
  throw endedEarly(basename(request.path), isLate, words);
}

function endedEarly(name: string, isLate: boolean, lastWords: readonly string[]): CharloomError {
  const isOutOfMemory = lastWords.some(
    (line) => line.includes(memoryWords) || /heap out of memory/i.test(line),
  );
  const why = isLate
    ? 'takes too long to read'
    : isOutOfMemory
      ? 'takes too much memory to read'
      : 'cannot be read: its reader ended unexpectedly';
  return new CharloomError('bad-checkpoint', `${name} ${why}.`, {
    fix: 'Copy or download the file again, or save it again with the program that made it.',
  });
}

function cancelled(): CharloomError {
  return new CharloomError('cancelled', 'The import was cancelled.');
}
