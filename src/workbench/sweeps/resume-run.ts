import { readTaskState } from '../../node/sweeps/task-state.ts';
import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readTaskReference } from '../../processes/run-turn.ts';
import { openSweepOf } from '../../runs/sweeps/sweep-turn.ts';
import type { Run } from '../../shared/domain/run.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { RequestParams } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { resume } from '../runs/queueing.ts';
import { limitsAgain, noteQueued } from './task-limits.ts';

/** Puts a run that is at rest into the queue again. Where it is a task, its sweep's files say so: it is no longer cancelled or stopped early. */
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
    const task = await readTaskReference(path);
    const sweep = task && (await openSweepOf(path, task));
    if (task === null || sweep === null) return;
    const said = await readTaskState(taskPaths(sweep.folder, task.index, sweep.tasks.length).state);
    const wasStoppedEarly = said?.state === 'stopped-early';
    const was = state === 'finished' ? state : wasStoppedEarly ? 'stopped-early' : 'stopped';
    for (const again of await limitsAgain(sweep, [{ index: task.index, state: was }]))
      await noteQueued(sweep.folder, again.indices, again);
  } catch (error) {
    // A run can be resumed without its sweep.
    if (!(error instanceof CharloomError)) throw error;
  }
}
