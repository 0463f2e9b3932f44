import { runProbe } from '../../node/tensorflow/diagnosis/run-probe.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';

type ProbeJob = Extract<Job, { kind: 'probe' }>;

/** Loads an engine for the first time: if it crashes, only this process ends. */
export function probe({ engine }: ProbeJob, post: (report: Report) => void): RunningJob {
  return {
    ended: runProbe(engine).then((report) => {
      post({ kind: 'item', item: report });
      post({ kind: 'done', end: null });
    }),
  };
}
