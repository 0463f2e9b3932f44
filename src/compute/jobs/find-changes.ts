import { readFile } from 'node:fs/promises';
import { findChanges } from '../../engine/documents/cleaning/show-changes.ts';
import { decodeText } from '../../engine/documents/decode.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';

type FindJob = Extract<Job, { kind: 'find-changes' }>;

/** Reports what each step would find in a text, each on the same text, then ends. */
export function findAllChanges(job: FindJob, post: (report: Report) => void): RunningJob {
  const work = async (): Promise<void> => {
    const bytes = await withStorageErrors('read the text', job.textPath, () => readFile(job.textPath));
    // A byte order mark is not part of the text, just as when a model learns from it.
    const text = decodeText(bytes, job.encoding).replace(/^\ufeff/, '');
    for (const step of job.steps) post({ kind: 'item', item: findChanges(text, step) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}
