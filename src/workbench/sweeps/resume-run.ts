import type { Run } from '../../shared/domain/run.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { RequestParams } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { resume } from '../runs/queueing.ts';
import { limitsAgain, noteQueued } from './task-limits.ts';
import { readTaskOfRun } from './task-of-run.ts';

/** Adds an inactive run to the queue again. If it is a task, this is recorded in its sweep's files: it is no longer cancelled or stopped early. */
export async function resumeRun(
  context: WorkbenchContext,
  params: RequestParams<'runs.resume'>,
): Promise<Run> {
  context.scheduler.requireQueue();
  const run = await context.library.get(params.run);
  if (!isBusy(run.state)) await noteTask(run);
  return resume(context, params);
}

async function noteTask({ path, state }: Run): Promise<void> {
  try {
    const task = await readTaskOfRun(path);
    if (task === null) return;
    const { sweep, index } = task;
    const wasStoppedEarly = task.state?.state === 'stopped-early';
    const was = state === 'finished' ? state : wasStoppedEarly ? 'stopped-early' : 'stopped';
    for (const again of await limitsAgain(sweep, [{ index, state: was }]))
      await noteQueued(sweep.folder, again.indices, again);
  } catch (error) {
    // A run can be resumed without its sweep.
    if (!(error instanceof CharloomError)) throw error;
  }
}
