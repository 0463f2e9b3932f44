import { countText } from '../../node/texts/count-text.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { CountTextItem } from '../../shared/domain/counted-text.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type CountJob = Extract<Job, { kind: 'count-text' }>;

/** Counts the symbols of a text and ends. */
export function countTextFile({ textPath, reading }: CountJob, post: (report: Report) => void): RunningJob {
  const tell = (item: CountTextItem): void => post({ kind: 'item', item });
  const work = async (): Promise<void> => {
    const onProgress = throttled((fraction) => tell({ kind: 'progress', fraction }));
    tell({ kind: 'counted', text: await countText({ path: textPath, ...reading }, { onProgress }) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}
