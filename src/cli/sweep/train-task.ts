import type { Backend } from '../../engine/backends/backend.ts';
import { readStoredRun } from '../../node/files/run-folder.ts';
import { isPlanned, type RunRecord } from '../../node/files/run-record.ts';
import { resumeRun } from '../../node/session/resume.ts';
import { resumeBackend } from '../../node/session/resume-backend.ts';
import { startRun } from '../../node/session/start.ts';
import { sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { taskSettings } from '../../node/sweeps/task-list.ts';
import type { OpenSweep, TaskTurn } from '../../runs/sweeps/sweep-turn.ts';
import { CharloomError } from '../../shared/errors.ts';
import { ownGraphics, startBackend } from '../backend.ts';
import type { Training } from '../train/training.ts';

export interface TaskBackendOptions {
  /** Threads of this attempt; by default the sweep's. */
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
  readonly say: (remark: string) => void;
}

/** The run of a task; undefined when it has not started. */
export async function runOfTask({ runFolder }: TaskTurn): Promise<RunRecord | undefined> {
  const run = await readStoredRun(runFolder).catch((error: unknown) => {
    if (error instanceof CharloomError && error.code === 'not-found') return undefined;
    throw error;
  });
  return run === undefined || isPlanned(run) ? undefined : run;
}

/** The backend of a task's run: the one that it was trained on, or the one that the sweep requests. May run the whole command line again: nothing must be locked yet. */
export async function taskBackend(
  { record }: OpenSweep,
  turn: TaskTurn,
  { threads = record.threads, signal, say }: TaskBackendOptions,
): Promise<Backend> {
  const run = await runOfTask(turn);
  const graphics = ownGraphics();
  if (run !== undefined) {
    const kind = record.backend === 'auto' ? await resumeBackend(run, graphics) : record.backend;
    return startBackend({ backend: kind, threads }, { graphics, signal });
  }
  const model = {
    settings: taskSettings(record, turn.entry),
    vocabularySize: record.text.vocabularySize,
  };
  return startBackend({ backend: record.backend, threads }, { model, say, graphics, signal });
}

/** Trains a task's run from its current position. */
export function trainTask(
  sweep: OpenSweep,
  turn: TaskTurn,
  backend: () => Promise<Backend>,
): Training['run'] {
  const { record } = sweep;
  const paths = sweepPaths(sweep.folder);
  const { runFolder: folder, entry } = turn;
  return async (hooks, controller) => {
    if ((await runOfTask(turn)) !== undefined) {
      return resumeRun({ folder, textPath: paths.text, loadBackend: backend }, hooks, controller);
    }
    const start = {
      textPath: paths.text,
      encoding: record.text.encoding ?? undefined,
      settings: taskSettings(record, entry),
      folder,
      isFolderOwn: true,
      initFrom: record.isWarmStarted ? paths.initial : undefined,
      vocabulary: record.vocabulary ?? undefined,
      loadBackend: backend,
    };
    return startRun(start, hooks, controller);
  };
}
