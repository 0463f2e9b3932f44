import { makeColophon } from '../../node/session/colophon.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { ColophonItem } from '../../shared/domain/colophon.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type ColophonJob = Extract<Job, { kind: 'colophon' }>;

/** Finds everything needed to write a text again, and ends. */
export function colophon(job: ColophonJob, post: (report: Report) => void): RunningJob {
  const tell = (item: ColophonItem): void => post({ kind: 'item', item });
  const work = async (): Promise<void> => {
    const onProgress = throttled((fraction) => tell({ kind: 'progress', fraction }));
    tell({ kind: 'found', colophon: await makeColophon({ ...job, ...job.written, onProgress }) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}
