import { runHolder, RunLock } from '../../node/files/run-lock.ts';
import { FullDiskError } from '../../node/files/storage-error.ts';
import type { RunController } from '../../node/session/controller.ts';
import type { SessionHooks, SessionOutcome } from '../../node/session/session-types.ts';
import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import type { TaskState } from '../../node/sweeps/task-state.ts';
import { CharloomError, describeProblem } from '../../shared/errors.ts';
import { isTaskCancelled, watchForCancel } from './cancel-watch.ts';
import { hoursUsedUp } from './reason-to-stop.ts';
import type { OpenSweep, TaskTurn } from './sweep-turn.ts';
import { TaskAttempt, type WhyStop } from './task-attempt.ts';

/** How an attempt at a task ended. */
export interface AttemptEnd {
  /** Why the sweep ended it; undefined if the run ended, or was stopped from outside. */
  readonly why: WhyStop | undefined;
  /** How its run ended; undefined if the attempt ended before it trained. */
  readonly outcome: SessionOutcome | undefined;
}

export interface AttemptWork {
  /** The lock of the task's folder. */
  readonly lock: RunLock;
  readonly controller: RunController;
  /** Trains the task's run from where it is, and calls the hooks. */
  readonly train: (hooks: SessionHooks) => Promise<SessionOutcome>;
}

/**
 * Works on a task while this process alone may write in its folder.
 * @throws CharloomError('run-busy') when another process works on the task
 */
export async function withTaskLock<T>(
  sweep: OpenSweep,
  { entry, runFolder }: TaskTurn,
  { signal }: RunController,
  work: (lock: RunLock) => Promise<T>,
): Promise<T> {
  const { folder } = taskPaths(sweep.folder, entry.index, sweep.tasks.length);
  // If another computer had both locks, the run's is watched from now on too.
  await runHolder(runFolder);
  const lock = await RunLock.takeRun(folder, { signal });
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/**
 * Trains the run of a task until it ends, is stopped from outside, or its sweep ends it: because it fell behind, the hours are used up, or it was
 * cancelled. The task's folder then says which. Every process that trains a task uses this function.
 * @throws what `train` throws, after it was recorded
 */
export async function attemptTask(
  sweep: OpenSweep,
  turn: TaskTurn,
  { lock, controller, train }: AttemptWork,
): Promise<AttemptEnd> {
  const attempt = await TaskAttempt.begin(sweep, turn, {
    stop: (reason) => controller.suspend(reason),
    checkHeld: () => lock.check(),
  });
  const stopWatching = watchForCancel(sweep, turn, () => attempt.ask({ kind: 'cancelled' }));
  try {
    if (await isTaskCancelled(sweep, turn)) attempt.ask({ kind: 'cancelled' });
    const used = await hoursUsedUp(sweep, turn);
    if (used !== null) attempt.ask({ kind: 'early', reason: used });
    const isOver = attempt.why !== undefined || controller.isEnding;
    return await settle(attempt, isOver ? undefined : await train(attempt));
  } catch (error) {
    const isAsked = error instanceof CharloomError && error.code === 'cancelled' && controller.isEnding;
    if (isAsked) return await settle(attempt, undefined);
    // In a queue the run's own record says why it failed, and a run whose graphics card was lost resumes automatically.
    const failed =
      turn.engine === 'queue' ? attempt.end('waiting') : attempt.end('failed', describeProblem(error));
    await failed.catch(() => undefined);
    throw error;
  } finally {
    stopWatching();
  }
}

/** Records how an attempt ended. */
async function settle(attempt: TaskAttempt, outcome: SessionOutcome | undefined): Promise<AttemptEnd> {
  const { why } = attempt;
  if (outcome?.end === 'finished' || outcome?.end === 'exploded') {
    await ifThereIsRoom(attempt.end(outcome.end, null, outcome.iteration));
    return { why: undefined, outcome };
  }
  const reason = why === undefined || why.kind === 'cancelled' ? null : why.reason;
  await ifThereIsRoom(attempt.end(stateOf(why), reason, outcome?.iteration));
  return { why, outcome };
}

/** The run has recorded its own end, or that there was no room for it: a full disk must not make a failure of that. */
async function ifThereIsRoom(note: Promise<void>): Promise<void> {
  await note.catch((error: unknown) => {
    if (!(error instanceof FullDiskError)) throw error;
  });
}

function stateOf(why: WhyStop | undefined): TaskState['state'] {
  switch (why?.kind) {
    case undefined:
      return 'waiting';
    case 'early':
      return 'stopped-early';
    case 'cancelled':
      return 'cancelled';
    case 'in-vain':
      return 'failed';
  }
}
