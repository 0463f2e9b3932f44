import { differenceFromEmbedded } from '../../node/engines/self-test.ts';
import type { TrialReport } from '../../node/engines/trial-report.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';
import type { OpenJobBackend } from '../open-backend.ts';

type TryJob = Extract<Job, { kind: 'try' }>;

/** Trains a small model on a backend and on the embedded one, and reports the difference. */
export function tryBackend(job: TryJob, post: (report: Report) => void, open: OpenJobBackend): RunningJob {
  return { ended: run(job, post, open) };
}

async function run(
  { backend: reference, threads }: TryJob,
  post: (report: Report) => void,
  open: OpenJobBackend,
): Promise<void> {
  const begun = performance.now();
  const backend = await open(reference, threads);
  const openMilliseconds = performance.now() - begun;
  try {
    const difference = await differenceFromEmbedded(backend);
    post({ kind: 'item', item: { difference, openMilliseconds } satisfies TrialReport });
    post({ kind: 'done', end: null });
  } finally {
    backend.dispose();
  }
}
