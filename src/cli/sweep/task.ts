import { basename } from 'node:path';
import { hashFile } from '../../node/files/hash-file.ts';
import { makeFolder } from '../../node/files/make-folder.ts';
import type { RunLock } from '../../node/files/run-lock.ts';
import { listenForInterrupts } from '../../node/interrupts.ts';
import { RunController } from '../../node/session/controller.ts';
import { bothHooks } from '../../node/session/both-hooks.ts';
import type { SessionHooks, SessionOutcome } from '../../node/session/session-types.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { writeRunMark } from '../../node/sweeps/run-mark.ts';
import { sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { attemptTask, withTaskLock, type AttemptEnd } from '../../runs/sweeps/attempt-task.ts';
import { openSweep, readTaskTurn, type OpenSweep, type TaskTurn } from '../../runs/sweeps/sweep-turn.ts';
import { CharloomError } from '../../shared/errors.ts';
import { runToGoOnWith, tellStarted } from '../compute-process.ts';
import { EndedWith, exitCodes } from '../exit-codes.ts';
import { releaseSignals } from '../held-signals.ts';
import type { Output } from '../output.ts';
import { describeOutcome, exploded, reporterFor } from '../train/outcome.ts';
import { trainThroughLosses } from '../train/through-losses.ts';
import { runOfTask, taskBackend, trainTask } from './train-task.ts';

export interface TaskOptions {
  /** Number of the submission that it belongs to; by default the task's last one. */
  readonly submission?: number;
  readonly threads?: number;
}

/**
 * Trains the run of one task from its current position to its end or until it is asked to stop. Returns normally when there is nothing left to do.
 * @throws EndedWith 75 if it has saved and needs to be started again; CharloomError 'run-busy' if another process works on it, which is then left alone
 */
export async function runTask(
  folder: string,
  index: number,
  options: TaskOptions,
  output: Output,
): Promise<void> {
  const controller = new RunController();
  const stopListening = suspendOnSignals(controller);
  try {
    const sweep = await openSweep(folder);
    const turn = await readTaskTurn(sweep, index, options.submission);
    if (await hasFinished(turn, output)) return;
    const { signal } = controller;
    const say = (remark: string): void => output.note(remark);
    const start = () => taskBackend(sweep, turn, { threads: options.threads, signal, say });
    // Before anything is locked: this may start another process that does everything.
    const backend = await start();
    let first: typeof backend | undefined = backend;
    const next = async (): Promise<typeof backend> => {
      const taken = first ?? (await start());
      first = undefined;
      return taken;
    };
    try {
      await withTaskLock(sweep, turn, controller, (lock) =>
        workOn({ sweep, turn, lock, controller, output, next }),
      );
    } finally {
      backend.dispose();
    }
  } catch (error) {
    const isAsked = error instanceof CharloomError && error.code === 'cancelled' && controller.isEnding;
    throw isAsked ? new EndedWith(exitCodes.unfinished.code) : error;
  } finally {
    stopListening();
  }
}

async function hasFinished(turn: TaskTurn, output: Output): Promise<boolean> {
  if ((await runOfTask(turn))?.state !== 'finished') return false;
  output.line(`Task ${turn.entry.index} has finished already.`);
  return true;
}

/** For job scripts and users: everything saved, nothing measured, so that the run resumes as if it had never stopped. */
function suspendOnSignals(controller: RunController): () => void {
  const onStop = (): void => controller.suspend();
  const stopListening = listenForInterrupts({
    onStop,
    onLeave: () => void controller.whenSafe().then(() => process.exit(exitCodes.unfinished.code)),
    onCheckpoint: () => controller.checkpoint(),
  });
  if (releaseSignals().length > 0) onStop();
  return stopListening;
}

interface Work {
  readonly sweep: OpenSweep;
  readonly turn: TaskTurn;
  /** The lock of the task's folder. */
  readonly lock: RunLock;
  readonly controller: RunController;
  readonly output: Output;
  readonly next: Parameters<typeof trainTask>[2];
}

async function workOn(work: Work): Promise<void> {
  const { sweep, turn, lock, controller, output } = work;
  // Another process may have worked on the task until now.
  if (await hasFinished(turn, output)) return;
  const train = (attempt: SessionHooks): Promise<SessionOutcome> => trainAndReport(work, attempt);
  endCommand(await attemptTask(sweep, turn, { lock, controller, train }), output);
}

async function trainAndReport(
  { sweep, turn, controller, output, next }: Work,
  attempt: SessionHooks,
): Promise<SessionOutcome> {
  await prepareFolder(sweep, turn);
  const reporter = reporterFor(output, sweep.record.text.title);
  const run = trainTask(sweep, turn, next);
  const outcome = await trainThroughLosses({
    begin: run,
    goOn: () => run,
    hooks: bothHooks(reporter, attempt),
    controller,
    hasGoneOn: runToGoOnWith() !== undefined,
    onStarted: tellStarted,
  });
  reporter.done(await describeOutcome(outcome));
  return outcome;
}

/** Prepares the run's folder, marked with its task, and the text that all tasks share. */
async function prepareFolder({ folder, record }: OpenSweep, { entry, runFolder }: TaskTurn): Promise<void> {
  const { name, key, text } = record;
  const { index, changes } = entry;
  const { text: path } = sweepPaths(folder);
  const sha256 = await withStorageErrors('read the text', path, () => hashFile(path));
  if (sha256 !== text.sha256) {
    throw new CharloomError('text-changed', `${path} is not the text that the sweep was planned on.`, {
      fix: 'Put the original text back, or plan a new sweep.',
    });
  }
  await makeFolder(runFolder, 'make a run folder');
  await writeRunMark(runFolder, { formatVersion: 1, sweep: basename(folder), name, key, index, changes });
}

/** Ends the command according to how the attempt ended. */
function endCommand({ why, outcome }: AttemptEnd, output: Output): void {
  if (outcome?.end === 'finished') return;
  if (outcome?.end === 'exploded') throw exploded(outcome);
  if (why === undefined) throw new EndedWith(exitCodes.unfinished.code);
  output.line(
    why.kind === 'cancelled' ? 'The task was cancelled; what it has learned is saved.' : why.reason,
  );
  if (why.kind === 'in-vain') throw new EndedWith(exitCodes.failed.code);
}
