import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readTaskState } from '../../node/sweeps/task-state.ts';
import { readTaskReference } from '../../processes/run-turn.ts';
import { hoursUsedUp } from '../../runs/sweeps/reason-to-stop.ts';
import { openSweepOf, readTaskTurn } from '../../runs/sweeps/sweep-turn.ts';
import { CharloomError } from '../../shared/errors.ts';

/** Why a sweep stopped one of its runs early. */
export interface EarlyEnd {
  /** In sentences. */
  readonly reason: string;
  /** The hours are used up: no other run of the sweep starts. */
  readonly isForAll: boolean;
}

/** Why the sweep of a run that has just ended stopped it early; null for any other run. */
export async function earlyEndOf(runFolder: string): Promise<EarlyEnd | null> {
  try {
    const task = await readTaskReference(runFolder);
    const sweep = task && (await openSweepOf(runFolder, task));
    if (task === null || sweep === null) return null;
    const said = await readTaskState(taskPaths(sweep.folder, task.index, sweep.tasks.length).state);
    const turn = await readTaskTurn(sweep, task.index);
    // Of an earlier submission: this time it was stopped by hand before it trained.
    if (said === undefined || said.submission < turn.submission) return null;
    if (said.state !== 'stopped-early' || said.reason === null) return null;
    const used = await hoursUsedUp(sweep, turn);
    return { reason: said.reason, isForAll: used !== null };
  } catch (error) {
    // The page of the sweep says what is wrong with its files.
    if (error instanceof CharloomError) return null;
    throw error;
  }
}
