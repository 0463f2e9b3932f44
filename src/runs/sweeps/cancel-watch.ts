import { isCancelled, readCancellations } from '../../node/sweeps/cancellations.ts';
import type { OpenSweep, TaskTurn } from './sweep-turn.ts';

/** Milliseconds between two checks: a network file system shows a change after some seconds anyway. */
const intervalMs = 3000;

/** Whether a task has been cancelled since it was submitted. */
export async function isTaskCancelled(
  { folder }: OpenSweep,
  { entry, submission }: TaskTurn,
): Promise<boolean> {
  return isCancelled(await readCancellations(folder), entry.index, submission);
}

/** Checks regularly whether a task has been cancelled, until the returned function is called. */
export function watchForCancel(sweep: OpenSweep, turn: TaskTurn, onCancelled: () => void): () => void {
  const look = async (): Promise<void> => {
    if (await isTaskCancelled(sweep, turn)) onCancelled();
  };
  // A failed check is made up for by the next one.
  const timer = setInterval(() => void look().catch(() => undefined), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
