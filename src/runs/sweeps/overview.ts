import { basename, dirname, join, resolve } from 'node:path';
import { runHolder } from '../../node/files/run-lock.ts';
import { readCancellations } from '../../node/sweeps/cancellations.ts';
import { lastSubmissions, readSubmissions, type Submission } from '../../node/sweeps/submissions.ts';
import { localFolder, taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { readSweepRecord, type SweepRecord } from '../../node/sweeps/sweep-record.ts';
import type { TaskEvaluation } from '../../node/sweeps/task-evaluations.ts';
import { lastWords } from '../../node/sweeps/task-log.ts';
import { readTaskList, taskSettings, type SweepTaskEntry } from '../../node/sweeps/task-list.ts';
import {
  isTaskUnderway,
  sweepTaskStates,
  type SweepOverview,
  type SweepTask,
  type SweepTaskState,
} from '../../shared/domain/sweep.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';
import { isWithinChance, margin } from '../chance.ts';
import { unknownJobs, type JobList } from './jobs.ts';
import { roomRemark } from './room-remark.ts';
import { readTaskFacts, startedRun, type TaskFacts } from './task-facts.ts';
import { taskStateOf, type SweepSurroundings } from './task-state-of.ts';

export interface OverviewOptions {
  /** Slurm's answer, requested before the files are read, so that a task that ends meanwhile is not considered lost. */
  readonly jobs?: JobList;
  /** Names of run folders that wait in the queue of this workbench. */
  readonly queued?: ReadonlySet<string>;
  /** True for the process that holds the lock of `submit --engine local`, and trains nothing yet. */
  readonly isLocalOurs?: boolean;
}

/** A task with the evaluation that its loss is from. */
interface ReadTask {
  readonly task: SweepTask;
  readonly best: TaskEvaluation | undefined;
  readonly facts: TaskFacts;
}

/** Tasks whose files are read at the same time. */
const atOnce = 64;

/**
 * A sweep and the state of each of its tasks, from its files, its runs' files and Slurm's answer.
 * @throws CharloomError 'not-found', 'bad-run', 'incompatible' or 'storage' for the sweep itself; problems with a run are part of its task's state
 */
export async function readSweepOverview(
  sweepFolder: string,
  { jobs = unknownJobs, queued = new Set(), isLocalOurs = false }: OverviewOptions = {},
): Promise<SweepOverview> {
  const folder = resolve(sweepFolder);
  const record = await readSweepRecord(folder);
  const entries = await readTaskList(folder, record);
  const submissions = await readSubmissions(folder);
  const around: SweepSurroundings = {
    submissions: lastSubmissions(submissions),
    cancelled: await readCancellations(folder),
    jobs,
    isLocalAlive: !isLocalOurs && (await runHolder(localFolder(folder))) !== undefined,
    queued,
  };
  const read: ReadTask[] = [];
  for (let start = 0; start < entries.length; start += atOnce) {
    const some = entries.slice(start, start + atOnce);
    read.push(...(await Promise.all(some.map((entry) => readTask(folder, record, entry, around)))));
  }
  const best = lowest(read);
  const room = await roomRemark(
    dirname(folder),
    read.map(({ task }) => task),
  );
  const last = submissions.findLast(({ refusal }) => refusal === null);
  return {
    ...headOf(folder, record),
    tasks: read.map(({ task }) => task),
    space: record.space,
    earlyStopping: record.earlyStopping,
    text: textOf(record),
    engine: last?.engine ?? null,
    hours: last?.hours ?? null,
    counts: countsOf(read),
    progress: progressOf(read),
    best: best?.task.index ?? null,
    withinChance: best === undefined ? [] : rivalsOf(best, read, record),
    remarks: [
      ...[jobs.problem, room].filter((remark) => remark !== null),
      ...refusalOf(submissions),
      ...remarksOf(read),
    ],
  };
}

function headOf(folder: string, { name, created, tasks }: SweepRecord) {
  return { id: basename(folder), name, path: folder, created, tasks };
}

function textOf({ text: { title, path, sha256, characters } }: SweepRecord): SweepOverview['text'] {
  return { title, path, sha256, characters };
}

async function readTask(
  folder: string,
  { tasks }: SweepRecord,
  entry: SweepTaskEntry,
  around: SweepSurroundings,
): Promise<ReadTask> {
  const facts = await readTaskFacts(folder, dirname(folder), entry, tasks);
  const { state, evaluations } = facts;
  const run = startedRun(facts);
  const best = lowestOf(evaluations);
  const { isUnexplained = false, ...standing } = taskStateOf(facts, around);
  const words = isUnexplained ? await lastWords(taskPaths(folder, entry.index, tasks).log) : null;
  const task: SweepTask = {
    index: entry.index,
    run: entry.run,
    changes: entry.changes,
    ...standing,
    reason:
      words === null ? standing.reason : `${standing.reason ?? ''} Its log ends with: ${words}`.trimStart(),
    iteration: Math.max(run?.iteration ?? 0, state?.iteration ?? 0, evaluations.at(-1)?.iteration ?? 0),
    iterations: run?.iterations ?? state?.iterations ?? null,
    loss: best?.validationLoss ?? null,
    margin: margin(best?.parts),
    epoch: best?.epoch ?? null,
    attempts: state?.attempts ?? (run === undefined ? 0 : 1),
    seconds: state?.seconds ?? 0,
  };
  return { task, best, facts };
}

function lowestOf(evaluations: readonly TaskEvaluation[]): TaskEvaluation | undefined {
  const lossOf = (one: TaskEvaluation): number => one.validationLoss ?? Infinity;
  return evaluations
    .filter(({ validationLoss }) => validationLoss !== null)
    .reduce<TaskEvaluation | undefined>(
      (found, one) => (found === undefined || lossOf(one) < lossOf(found) ? one : found),
      undefined,
    );
}

function lowest(read: readonly ReadTask[]): ReadTask | undefined {
  return read.reduce<ReadTask | undefined>((found, one) => {
    if (one.task.loss === null) return found;
    return found === undefined || one.task.loss < (found.task.loss ?? Infinity) ? one : found;
  }, undefined);
}

/** How a text is split decides which part of it a loss is measured on: two losses can be compared part by part only if it is split in the same way. */
const cutKeys = ['batchSize', 'sequenceLength', 'trainFraction', 'validationFraction'] as const;

function cutOf(record: SweepRecord, entry: SweepTaskEntry): string {
  const settings = taskSettings(record, entry);
  return cutKeys.map((key) => settings[key]).join();
}

function rivalsOf(best: ReadTask, read: readonly ReadTask[], record: SweepRecord): readonly number[] {
  const cut = cutOf(record, best.facts.entry);
  return read
    .filter((one) => one !== best && cutOf(record, one.facts.entry) === cut)
    .filter((one) => isWithinChance(best.best?.parts, one.best?.parts) === true)
    .map(({ task }) => task.index);
}

function countsOf(read: readonly ReadTask[]): SweepOverview['counts'] {
  const count = (state: SweepTaskState): number => read.filter(({ task }) => task.state === state).length;
  return Object.fromEntries(sweepTaskStates.map((state) => [state, count(state)])) as SweepOverview['counts'];
}

/** A task that will not be trained any further counts as done, however far it got. */
function progressOf(read: readonly ReadTask[]): number {
  const shares = read.map(({ task: { state, iteration, iterations } }) => {
    const isOpen = isTaskUnderway(state) || state === 'planned' || state === 'stopped' || state === 'lost';
    if (!isOpen) return 1;
    return iterations === null || iterations === 0 ? 0 : Math.min(1, iteration / iterations);
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** The last submission, if it was refused: the message of the system that refused it. */
function refusalOf(submissions: readonly Submission[]): readonly string[] {
  const refusal = submissions.at(-1)?.refusal ?? null;
  return refusal === null ? [] : [`The last submission was refused: ${refusal}`];
}

/** The remarks of tasks, each once with the tasks that make it. */
function remarksOf(read: readonly ReadTask[]): readonly string[] {
  const byRemark = new Map<string, number[]>();
  for (const { facts } of read) {
    for (const remark of facts.state?.remarks ?? []) {
      byRemark.set(remark, [...(byRemark.get(remark) ?? []), facts.entry.index]);
    }
  }
  return [...byRemark].map(
    ([remark, tasks]) => `${formatQuantity(tasks.length, 'task')} (${formatTaskSet(tasks)}): ${remark}`,
  );
}

/** Where the files of a sweep's runs are. */
export function runFolderOf(sweepFolder: string, { run }: Pick<SweepTask, 'run'>): string {
  return join(dirname(resolve(sweepFolder)), run);
}
