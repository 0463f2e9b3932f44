import { hoursUsedUp } from '../../runs/sweeps/reason-to-stop.ts';
import { readTaskTurn } from '../../runs/sweeps/sweep-turn.ts';
import { CharloomError } from '../../shared/errors.ts';
import { readTaskOfRun } from './task-of-run.ts';

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
    const task = await readTaskOfRun(runFolder);
    if (task === null) return null;
    const { sweep, index, state: said } = task;
    const turn = await readTaskTurn(sweep, index);
    // From an earlier submission: this time the user stopped the run before it trained.
    if (said === undefined || said.submission < turn.submission) return null;
    if (said.state !== 'stopped-early' || said.reason === null) return null;
    const used = await hoursUsedUp(sweep, turn);
    return { reason: said.reason, isForAll: used !== null };
  } catch (error) {
    // The sweep's page reports what is wrong with its files.
    if (error instanceof CharloomError) return null;
    throw error;
  }
}
