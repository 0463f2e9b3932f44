import { basename } from 'node:path';
import { exportModel } from '../../node/exchange/export-model.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { ExportItem } from '../../shared/domain/exchange.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type ExportJob = Extract<Job, { kind: 'export' }>;

/** Writes a model for another program, and ends. */
export function exportTo(job: ExportJob, post: (report: Report) => void): RunningJob {
  const tell = (item: ExportItem): void => post({ kind: 'item', item });
  const work = async (): Promise<void> => {
    const { checkpoint, choice, output, ticket } = job;
    const { bytes, checked } = await exportModel({
      checkpoint,
      format: choice.format,
      output,
      onProgress: throttled((fraction) => tell({ kind: 'progress', fraction })),
    });
    tell({ kind: 'ready', ticket, name: basename(output), bytes, checked });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}
