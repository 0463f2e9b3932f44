import { randomUUID } from 'node:crypto';
import { environmentFor } from '../node/backend/providers.ts';
import { cancelled } from '../node/engines/run-command.ts';
import { trialReportSchema, type TrialReport } from '../node/engines/trial-report.ts';
import type { BackendReference } from '../shared/domain/backends.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** Trains a small model on a backend in a separate process. Rejects with CharloomError 'backend-unavailable' or 'cancelled'. */
export async function tryBackend(
  backend: BackendReference,
  fork: ForkProcess,
  signal: AbortSignal,
): Promise<TrialReport> {
  if (signal.aborted) throw cancelled();
  let report: unknown;
  const task = new ComputeTask({
    fork,
    name: `charloom-try-${randomUUID().slice(0, 8)}`,
    environment: environmentFor(backend, 1),
    job: { kind: 'try', backend, threads: 1 },
    onReport: (told) => {
      if (told.kind === 'item') report = told.item;
    },
  });
  const outcome = await task.endedUnless(signal, cancelled);
  switch (outcome.kind) {
    case 'done':
      return trialReportSchema.parse(report);
    case 'failed':
      throw errorOf(outcome.failure);
    case 'crashed':
      throw new CharloomError('backend-unavailable', `The trial gave no result. ${outcome.message}`);
  }
}
