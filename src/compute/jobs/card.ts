import { tryCard } from '../../node/webgpu/try-card.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';

type CardJob = Extract<Job, { kind: 'card' }>;

/** Opens the card that a WebGPU engine finds, and reports it: a driver that crashes ends only this process. */
export function card({ engine, train }: CardJob, post: (report: Report) => void): RunningJob {
  return {
    ended: tryCard(engine, train).then((report) => {
      post({ kind: 'item', item: report });
      post({ kind: 'done', end: null });
    }),
  };
}
