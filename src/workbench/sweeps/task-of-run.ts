import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readTaskState, type TaskState } from '../../node/sweeps/task-state.ts';
import { readTaskReference } from '../../processes/run-turn.ts';
import { openSweepOf, type OpenSweep } from '../../runs/sweeps/sweep-turn.ts';

/** The task that a run belongs to. */
export interface TaskOfRun {
  readonly sweep: OpenSweep;
  readonly index: number;
  /** The task's last recorded state; undefined before it first started. */
  readonly state: TaskState | undefined;
}

/**
 * The task that a run belongs to; null if it belongs to none.
 * @throws CharloomError if the sweep's files cannot be read
 */
export async function readTaskOfRun(runFolder: string): Promise<TaskOfRun | null> {
  const task = await readTaskReference(runFolder);
  const sweep = task && (await openSweepOf(runFolder, task));
  if (task === null || sweep === null) return null;
  const { index } = task;
  const state = await readTaskState(taskPaths(sweep.folder, index, sweep.tasks.length).state);
  return { sweep, index, state };
}
