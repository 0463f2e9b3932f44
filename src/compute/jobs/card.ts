import { tryCard } from '../../node/webgpu/try-card.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';

type CardJob = Extract<Job, { kind: 'card' }>;

/** Opens the card that a WebGPU engine finds, and says what it is: if the driver takes the process with it, only this one is gone. */
export function card({ engine, train }: CardJob, post: (report: Report) => void): RunningJob {
  return {
    ended: tryCard(engine, train).then((report) => {
      post({ kind: 'item', item: report });
      post({ kind: 'done', end: null });
    }),
  };
}
