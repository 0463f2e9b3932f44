import { basename } from 'node:path';
import { exportModel } from '../../node/exchange/export-model.ts';
import { exportPage } from '../../node/exchange/export-page.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { ExportItem, ReadyExport } from '../../shared/domain/exchange.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type ExportJob = Extract<Job, { kind: 'export' }>;

/** Writes a model for another program or as a page, and ends. */
export function exportTo(job: ExportJob, post: (report: Report) => void): RunningJob {
  const tell = (item: ExportItem): void => post({ kind: 'item', item });
  const onProgress = throttled((fraction) => tell({ kind: 'progress', fraction }));
  const work = async (): Promise<void> => {
    const { output, ticket } = job;
    tell({ kind: 'ready', ticket, name: basename(output), ...(await result(job, onProgress)) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}

async function result(
  { checkpoint, choice, output, textPath }: ExportJob,
  onProgress: (fraction: number) => void,
): Promise<Pick<ReadyExport, 'bytes' | 'checked' | 'copies'>> {
  if (choice.format !== 'page') {
    const { bytes, checked } = await exportModel({ checkpoint, format: choice.format, output, onProgress });
    return { bytes, checked };
  }
  const { page, precision } = choice;
  const { bytes, checked, copies } = await exportPage({
    ...{ checkpoint, page, precision, output, textPath, onProgress },
  });
  return { bytes, checked, copies };
}
