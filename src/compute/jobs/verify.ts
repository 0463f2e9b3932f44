import { bundledFixtures } from '../../engine/verification/bundled.ts';
import { verifyBackend, verifyTolerance, worstError } from '../../engine/verification/verify.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { EngineItem } from '../../shared/domain/app.ts';
import type { RunningJob } from '../job.ts';
import type { OpenJobBackend } from '../open-backend.ts';

type VerifyJob = Extract<Job, { kind: 'verify' }>;

/** Replays golden numbers on a backend and reports its error. */
export function verify(job: VerifyJob, post: (report: Report) => void, open: OpenJobBackend): RunningJob {
  return { ended: run(job, post, open) };
}

async function run(
  { backend: reference, threads }: VerifyJob,
  post: (report: Report) => void,
  open: OpenJobBackend,
): Promise<void> {
  const tell = (item: EngineItem): void => post({ kind: 'item', item });
  tell({ kind: 'progress', fraction: null, doing: 'loading' });
  const backend = await open(reference, threads);
  const fixtures = bundledFixtures();
  let worst = 0;
  for (const [index, { name, fixture }] of fixtures.entries()) {
    tell({ kind: 'progress', fraction: index / fixtures.length, doing: `checking ${name}` });
    const error = worstError(await verifyBackend(backend, fixture));
    worst = Math.max(worst, error);
    tell({ kind: 'log', line: `${name}: largest relative error ${error.toExponential(1)}` });
  }
  if (worst > verifyTolerance) {
    throw new CharloomError('check-failed', `The largest relative error is ${worst.toExponential(1)}.`, {
      fix: 'Models trained on this backend would be wrong; use another backend.',
    });
  }
  tell({
    kind: 'done',
    summary: `${backend.info.device} computes correctly: largest relative error ${worst.toExponential(1)}.`,
  });
  post({ kind: 'done', end: null });
  backend.dispose();
}
