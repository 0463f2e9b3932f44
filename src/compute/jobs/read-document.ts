import { readFile, stat, writeFile } from 'node:fs/promises';
import { countCharacters } from '../../engine/documents/decode.ts';
import { documentLimits } from '../../engine/documents/limits.ts';
import { readDocument } from '../../engine/documents/read-document.ts';
import { beyondLimits } from '../../engine/documents/reading.ts';
import { pdfFiles } from '../../node/documents/pdf-files.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { ReadDocumentItem } from '../../shared/domain/documents.ts';
import type { RunningJob } from '../job.ts';
import { watchProcess } from '../process-watch.ts';

type ReadJob = Extract<Job, { kind: 'read-document' }>;

/** The largest honest novels take a tenth of the memory, and the longest document of the most pages as much time. */
const limits = { memory: 1.5 * 2 ** 30, milliseconds: 600_000 } as const;
/** Milliseconds between two progress reports. A document's number of pages is reported immediately, because its time limit depends on it. */
const intervalMs = 100;

/** Reads one file, which may be hostile, writes its text and ends. */
export function readDocumentFile(job: ReadJob, post: (report: Report) => void): RunningJob {
  watchProcess(limits);
  const work = async (): Promise<void> => {
    await read(job, (item) => post({ kind: 'item', item }));
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}

async function read(
  { path, name, choices, output }: ReadJob,
  tell: (item: ReadDocumentItem) => void,
): Promise<void> {
  const { size } = await withStorageErrors(`read ${name}`, path, () => stat(path));
  if (size > documentLimits.fileBytes) throw beyondLimits(name, 'it is larger than 512 MB');
  const bytes = await withStorageErrors(`read ${name}`, path, () => readFile(path));
  let told = -Infinity;
  let toldPages: number | null = null;
  const { text, ...found } = await readDocument(bytes, {
    name,
    choices,
    pdfFiles,
    onProgress: ({ fraction, pages }) => {
      const now = performance.now();
      if (pages === toldPages && now - told < intervalMs) return;
      [told, toldPages] = [now, pages];
      tell({ kind: 'progress', fraction, pages });
    },
  });
  await withStorageErrors('keep the text', output, () => writeFile(output, text), text.length);
  tell({ kind: 'read', report: { ...found, characters: countCharacters(text) } });
}
