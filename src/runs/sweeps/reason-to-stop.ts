import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readEvaluations, type TaskEvaluation } from '../../node/sweeps/task-evaluations.ts';
import { taskSettings, type SweepTaskEntry } from '../../node/sweeps/task-list.ts';
import { readTaskState } from '../../node/sweeps/task-state.ts';
import { formatMeasure } from '../../shared/format/numbers.ts';
import { isFirstAt, resultAt, rungsOf, whyStop, type RungResult } from './early-stopping.ts';
import type { OpenSweep, TaskTurn } from './sweep-turn.ts';
import { readTaskFacts, startedRun } from './task-facts.ts';

/** The position of a run. */
interface Place {
  readonly iteration: number;
  readonly iterations: number | null;
}

/** Why a task should stop at a recorded evaluation: it has fallen behind, or the hours are used up. Null if it should continue. */
export async function reasonToStop(sweep: OpenSweep, turn: TaskTurn, place: Place): Promise<string | null> {
  return (
    (await hoursUsedUp(sweep, turn)) ?? (turn.isUnstopped ? null : await fallenBehind(sweep, turn, place))
  );
}

/** The tasks of a sweep, as far as their own records are concerned. */
export interface SweepTasks {
  readonly folder: string;
  readonly tasks: readonly Pick<SweepTaskEntry, 'index'>[];
}

/** Whether the hours of a sweep are used up, in a sentence. */
export async function hoursUsedUp(
  { folder, tasks }: SweepTasks,
  { hours }: Pick<TaskTurn, 'hours'>,
): Promise<string | null> {
  if (hours === null) return null;
  const states = await Promise.all(
    tasks.map(({ index }) => readTaskState(taskPaths(folder, index, tasks.length).state)),
  );
  const used = states.reduce((sum, state) => sum + (state?.seconds ?? 0), 0) / 3600;
  return used < hours ? null : `The ${formatMeasure(hours)} hours that the sweep may use are used up.`;
}

async function fallenBehind(
  sweep: OpenSweep,
  { entry }: TaskTurn,
  { iteration, iterations }: Place,
): Promise<string | null> {
  const { earlyStopping } = sweep.record;
  if (earlyStopping === null || iterations === null) return null;
  const own = await evaluationsOf(sweep, entry);
  // Another run may have another number of iterations: a rung is a share of its length.
  const rungs = rungsOf(earlyStopping, iterations);
  const reached = rungs.findLast((rung) => isFirstAt(own, iteration, rung));
  if (reached === undefined) return null;
  const place = rungs.indexOf(reached);
  const result = resultAt(own, reached);
  if (result === undefined) return null;
  const others: RungResult[] = [];
  for (const other of sweep.tasks) {
    if (other.index === entry.index) continue;
    const found = await resultOf(sweep, other, place);
    if (found !== undefined)
      others.push(isCutAlike(sweep, entry, other) ? found : { ...found, parts: undefined });
  }
  return whyStop(result, others, iteration / iterations);
}

/** Another task's result at one of its rungs. */
async function resultOf(
  sweep: OpenSweep,
  task: SweepTaskEntry,
  place: number,
): Promise<RungResult | undefined> {
  const { earlyStopping } = sweep.record;
  const { iterations, evaluations } = await courseOf(sweep, task);
  if (earlyStopping === null || iterations === null) return undefined;
  const rung = rungsOf(earlyStopping, iterations)[place];
  return rung === undefined ? undefined : resultAt(evaluations, rung);
}

/** How long a task's run is, and what was measured. Earlier versions of the queue left a task's folder empty: then the run's own files say it. */
async function courseOf(sweep: OpenSweep, task: SweepTaskEntry) {
  const state = await readTaskState(taskPaths(sweep.folder, task.index, sweep.tasks.length).state);
  if (state !== undefined)
    return { iterations: state.iterations, evaluations: await evaluationsOf(sweep, task) };
  const facts = await readTaskFacts(sweep.folder, sweep.runsFolder, task, sweep.tasks.length);
  return { iterations: startedRun(facts)?.iterations ?? null, evaluations: facts.evaluations };
}

async function evaluationsOf(
  sweep: OpenSweep,
  { index }: SweepTaskEntry,
): Promise<readonly TaskEvaluation[]> {
  const { evaluations } = taskPaths(sweep.folder, index, sweep.tasks.length);
  return readEvaluations(evaluations).catch(() => []);
}

/** Only what was measured on the same part of the text can be compared part by part. */
function isCutAlike({ record }: OpenSweep, one: SweepTaskEntry, other: SweepTaskEntry): boolean {
  const keys = ['batchSize', 'sequenceLength', 'trainFraction', 'validationFraction'] as const;
  const [first, second] = [taskSettings(record, one), taskSettings(record, other)];
  return keys.every((key) => first[key] === second[key]);
}
