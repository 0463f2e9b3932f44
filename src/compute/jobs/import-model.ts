import { importModel } from '../../node/exchange/import-model.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';
import { watchProcess } from '../process-watch.ts';

type ImportJob = Extract<Job, { kind: 'import-model' }>;

/** Enough for the largest allowed file, its numbers in float64 and again in float32. */
const limits = { memory: 6 * 2 ** 30, milliseconds: 600_000 } as const;

/** Reads a model of another program, which may be hostile, keeps it as a run and ends. */
export function importForeignModel(
  { path, runsFolder }: ImportJob,
  post: (report: Report) => void,
): RunningJob {
  watchProcess(limits);
  const work = async (): Promise<void> => {
    post({ kind: 'item', item: await importModel(path, runsFolder) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}
