import { rm } from 'node:fs/promises';
import type { TrainingOutcome } from '../../engine/training/training-hooks.ts';
import type { StateEvent } from '../../shared/domain/run-event.ts';
import { assertNever, CharloomError } from '../../shared/errors.ts';
import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import type { MetricsLog } from '../files/metrics-log.ts';
import type { RunFolder } from '../files/run-folder.ts';
import { FullDiskError } from '../files/storage-error.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';
import type { RunController } from './controller.ts';
import { fullDiskWords, type DiskRoom, type LeftUnsavedError, type WaitingRun } from './disk-room.ts';
import type { RunRecorder } from './recorder.ts';
import type { SessionHooks, SessionOutcome } from './session-types.ts';
import { logEvent, tell } from './tell.ts';

/** The objects that work on a run while it trains. */
export interface SessionParts {
  readonly folder: RunFolder;
  readonly room: DiskRoom;
  readonly hooks: SessionHooks;
  readonly controller: RunController;
  readonly writer: CheckpointWriter;
  readonly metrics: MetricsLog;
  readonly recorder: RunRecorder;
}

/** Records how training ended, and reports it. */
export async function conclude(parts: SessionParts, outcome: TrainingOutcome): Promise<SessionOutcome> {
  const { end, progress } = outcome;
  const { folder, room, writer, metrics, recorder, controller } = parts;
  await room.write(() => metrics.sync());
  if (end === 'suspended' && !recorder.holds(progress)) await recorder.keepLast(progress);
  const { iteration } = progress;
  const reason = reasonOf(outcome, controller);
  switch (end) {
    case 'finished':
      await writer.state('finished', iteration, reason);
      // The last checkpoint holds the same and more.
      await rm(folder.paths.resumePoint, { force: true });
      break;
    case 'suspended':
    case 'stopped':
      await writer.state('stopped', iteration, reason);
      break;
    case 'exploded':
      await writer.state('exploded', iteration, `The loss exploded at iteration ${formatCount(iteration)}.`);
      break;
    default:
      assertNever(end);
  }
  const why = reason === null ? {} : { reason };
  await tell(parts, { kind: 'state', state: end, iteration, ...why });
  return { folder: folder.path, end, iteration, best: writer.best, unsaved: null };
}

/** Why a run has ended before its last iteration, if no person requested it; in a sentence. */
function reasonOf({ end, progress, isEarly }: TrainingOutcome, { endReason }: RunController): string | null {
  if (isEarly === true) return earlyReason(progress.improvement.evaluationsSince);
  return end === 'suspended' || end === 'stopped' ? endReason : null;
}

/** Why a run has finished before its last iteration. */
function earlyReason(evaluations: number): string {
  return `The validation loss had not improved for ${formatQuantity(evaluations, 'measurement')}.`;
}

/** Ends a run that has to end while the disk is full: with its last save, and a record of that if there is space. */
export async function leaveUnsaved(parts: SessionParts, { room }: LeftUnsavedError): Promise<SessionOutcome> {
  const { folder, hooks, controller, writer, metrics, recorder } = parts;
  const { iteration } = recorder.moment;
  const full = fullDiskWords(room);
  const unsaved =
    recorder.savedIteration < iteration
      ? `${full}: everything after iteration ${formatCount(recorder.savedIteration)} is unsaved. Resuming repeats it with the same results.`
      : `${full}: the end of the run could not be recorded. Its checkpoints are saved.`;
  const event: StateEvent = { kind: 'state', state: 'suspended', iteration, reason: unsaved };
  await asFarAsThereIsRoom(() => metrics.sync());
  logEvent(folder, event);
  await asFarAsThereIsRoom(() => folder.flushLog());
  const hasEnded = writer.recordedState !== 'running' && writer.recordedState !== 'paused';
  await asFarAsThereIsRoom(() =>
    hasEnded ? writer.waiting(null) : writer.stateAtOnce('stopped', iteration, unsaved),
  );
  hooks.onEvent?.(event);
  hooks.onNotice?.(unsaved);
  controller.saved();
  return { folder: folder.path, end: 'suspended', iteration, best: writer.best, unsaved };
}

/** Whether a run that trained has lost what it is computed on: its card, or the process or window that holds it. */
export function isLoss(error: unknown): error is CharloomError {
  return error instanceof CharloomError && error.code === 'backend-unavailable';
}

/**
 * Records that the backend was lost. The record still says that the run trains, and why it does not: the run itself is intact, is reported as
 * interrupted and resumes from its last save.
 */
export async function recordLoss(
  { folder, hooks, writer, recorder }: SessionParts,
  { message }: CharloomError,
): Promise<void> {
  const { iteration } = recorder.moment;
  const event = {
    kind: 'log',
    line: `interrupted at iteration ${formatCount(iteration)}: ${message}`,
  } as const;
  try {
    await writer.stateAtOnce(writer.recordedState, iteration, message.slice(0, 2000));
    logEvent(folder, event);
    await folder.flushLog();
    hooks.onEvent?.(event);
  } catch {
    // Even on a full disk, the loss of the backend is what is reported.
  }
}

/** Records what ended the run, if possible: the disk may be the reason. */
export async function recordFailure(parts: SessionParts, error: unknown): Promise<void> {
  const { folder, hooks, writer, recorder } = parts;
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 2000);
  const { iteration } = recorder.moment;
  const event: StateEvent = { kind: 'state', state: 'failed', iteration, reason };
  try {
    await writer.stateAtOnce('failed', iteration, reason);
    logEvent(folder, event);
    await folder.flushLog();
    hooks.onEvent?.(event);
  } catch {
    // The first error is reported.
  }
}

/** The state of the run while it waits for disk space. */
export function waitingRun({ folder, writer, recorder }: SessionParts): WaitingRun {
  return {
    folder: folder.path,
    get iteration() {
      return recorder.moment.iteration;
    },
    get state() {
      return writer.recordedState === 'paused' ? 'paused' : 'running';
    },
    noteWaiting: async (event) => {
      logEvent(folder, event);
      await asFarAsThereIsRoom(() => folder.flushLog());
      await asFarAsThereIsRoom(() => writer.waiting(event.reason ?? null));
    },
    noteGoingOn: async (event) => {
      await writer.waiting(null);
      logEvent(folder, event);
      await asFarAsThereIsRoom(() => folder.flushLog());
    },
  };
}

async function asFarAsThereIsRoom(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FullDiskError)) throw error;
  }
}
