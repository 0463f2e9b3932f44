import { makeFolder } from '../node/files/make-folder.ts';
import type { SessionHooks } from '../node/session/session-types.ts';
import { taskPaths } from '../node/sweeps/sweep-folder.ts';
import { openSweepOf, readTaskTurn, type OpenSweep, type TaskTurn } from '../runs/sweeps/sweep-turn.ts';
import type { SweepTaskReference } from '../shared/compute/messages.ts';
import { CharloomError } from '../shared/errors.ts';

export interface OpenTask {
  readonly sweep: OpenSweep;
  readonly turn: TaskTurn;
}

/**
 * Opens the sweep task that a run is. Null for a run that turns out not to be one, or whose sweep cannot be read, which is reported: it trains like
 * any other.
 */
export async function openTask(
  runFolder: string,
  task: SweepTaskReference,
  { onNotice }: Pick<SessionHooks, 'onNotice'>,
): Promise<OpenTask | null> {
  try {
    const sweep = await openSweepOf(runFolder, task);
    if (sweep === null) return null;
    await makeFolder(taskPaths(sweep.folder, task.index, sweep.tasks.length).folder, 'note the task');
    return { sweep, turn: await readTaskTurn(sweep, task.index) };
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    onNotice?.(`This run trains without its sweep, which cannot be read. ${error.message}`);
    return null;
  }
}
