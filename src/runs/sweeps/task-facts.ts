import { join } from 'node:path';
import { readStoredRun, runPaths } from '../../node/files/run-folder.ts';
import { runHolder } from '../../node/files/run-lock.ts';
import { isPlanned, type RunRecord, type StoredRun } from '../../node/files/run-record.ts';
import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readEvaluations, type TaskEvaluation } from '../../node/sweeps/task-evaluations.ts';
import type { SweepTaskEntry } from '../../node/sweeps/task-list.ts';
import { readTaskState, type TaskState } from '../../node/sweeps/task-state.ts';
import { markOf } from '../fingerprint.ts';
import { readMetricsOrProblem } from '../history.ts';

/** The facts about one task in its files. */
export interface TaskFacts {
  readonly entry: SweepTaskEntry;
  /** The last record of the task; undefined for one that has not started, or that a queue trains. */
  readonly state: TaskState | undefined;
  /** Its run; undefined before there is one, and where its record cannot be read. */
  readonly run: StoredRun | undefined;
  /** Whether a process works on the run, as far as this computer can determine. */
  readonly isHeld: boolean;
  /** The job of that process; null outside a cluster. */
  readonly holderJob: string | null;
  /** The computer of that process, or of the last. */
  readonly host: string | null;
  readonly evaluations: readonly TaskEvaluation[];
}

/** The run of a task that has started; undefined for any other. */
export function startedRun({ run }: Pick<TaskFacts, 'run'>): RunRecord | undefined {
  return run === undefined || isPlanned(run) ? undefined : run;
}

/** Reads the files of a task. Never fails because of their content. */
export async function readTaskFacts(
  folder: string,
  runsFolder: string,
  entry: SweepTaskEntry,
  tasks: number,
): Promise<TaskFacts> {
  const paths = taskPaths(folder, entry.index, tasks);
  const runFolder = join(runsFolder, entry.run);
  const [state, run] = await Promise.all([
    readTaskState(paths.state),
    readStoredRun(runFolder).catch(() => undefined),
  ]);
  const isOpen = run !== undefined && (run.state === 'running' || run.state === 'paused');
  const holder = isOpen || isBeginning(state) ? await runHolder(runFolder) : undefined;
  return {
    entry,
    state,
    run,
    isHeld: holder !== undefined,
    holderJob: holder?.job ?? null,
    host: holder?.host ?? state?.host ?? null,
    evaluations: await evaluationsOf(paths.evaluations, runFolder, run),
  };
}

function isBeginning(state: TaskState | undefined): boolean {
  return state?.state === 'starting' || state?.state === 'running';
}

/** A queue records no evaluations beside those in a run's metrics. */
async function evaluationsOf(
  path: string,
  runFolder: string,
  run: StoredRun | undefined,
): Promise<readonly TaskEvaluation[]> {
  if (run === undefined || isPlanned(run)) return [];
  const noted = await readEvaluations(path).catch(() => []);
  if (noted.length > 0) return noted;
  return evaluationsInMetrics(runFolder);
}

interface KnownEvaluations {
  readonly mark: string;
  readonly evaluations: readonly TaskEvaluation[];
}

/** Evaluations that were read from metrics, by run folder: a page reads a sweep every few seconds. */
const known = new Map<string, KnownEvaluations>();
const maxKnown = 10_000;

async function evaluationsInMetrics(runFolder: string): Promise<readonly TaskEvaluation[]> {
  const { text: mark } = await markOf(runPaths(runFolder).metrics);
  const before = known.get(runFolder);
  if (before?.mark === mark) return before.evaluations;
  const { evaluations } = (await readMetricsOrProblem(runFolder)).history;
  if (known.size >= maxKnown) known.clear();
  known.set(runFolder, { mark, evaluations });
  return evaluations;
}
