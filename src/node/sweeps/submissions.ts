import { z } from 'zod';
import { sweepEngines } from '../../shared/domain/sweep.ts';
import { formatTaskSet, parseTaskSet } from '../../shared/domain/task-set.ts';
import { appendJsonLine, readJsonLines } from '../files/json-lines.ts';
import { sweepPaths } from './sweep-folder.ts';

/** Written before anything is submitted: after an error it is known what to look for. */
const beginSchema = z.looseObject({
  kind: z.literal('begin'),
  /** From 1; each submission has its own. */
  number: z.int().positive(),
  at: z.iso.datetime(),
  engine: z.enum(sweepEngines),
  /** As in "1-5,9". */
  tasks: z.string(),
  /** The name of its jobs; null for an engine that has none. */
  jobName: z.string().max(200).nullable(),
  /** Index of a task minus that of its array element. */
  offset: z.int().nonnegative(),
  /** The arguments of the command; empty for an engine that has none. */
  command: z.array(z.string()).readonly(),
  /** Hours that may be used, all tasks together; null for no limit. */
  hours: z.number().positive().nullable(),
  /** What the jobs request from the cluster: the defaults of the next submission. */
  options: z.unknown().optional(),
  /** True: tasks that early stopping has ended are trained to their end. */
  isUnstopped: z.boolean().default(false),
});
const acceptedSchema = z.looseObject({
  kind: z.literal('accepted'),
  number: z.int().positive(),
  /** The number that Slurm gave to the array. */
  job: z.string().max(64),
});
const refusedSchema = z.looseObject({
  kind: z.literal('refused'),
  number: z.int().positive(),
  /** The message of the system that refused it. */
  message: z.string(),
});
const lineSchema = z.discriminatedUnion('kind', [beginSchema, acceptedSchema, refusedSchema]);
export type SubmissionLine = z.infer<typeof lineSchema>;

/** One submission, combined from all its lines. */
export interface Submission {
  readonly number: number;
  readonly at: string;
  readonly engine: z.infer<typeof beginSchema>['engine'];
  readonly tasks: ReadonlySet<number>;
  readonly jobName: string | null;
  readonly offset: number;
  readonly hours: number | null;
  readonly isUnstopped: boolean;
  /** As they were given; check them before use. */
  readonly options: unknown;
  /** Null where it was not accepted, or where the answer was not recorded. */
  readonly job: string | null;
  readonly refusal: string | null;
}

/** All submissions of a sweep, first to last. */
export async function readSubmissions(folder: string): Promise<readonly Submission[]> {
  const found = new Map<number, Submission>();
  for (const line of await readJsonLines(sweepPaths(folder).submissions, lineSchema)) {
    if (line.kind === 'begin') {
      const { number, at, engine, jobName, offset, hours, isUnstopped, options } = line;
      const begun = { number, at, engine, jobName, offset, hours, isUnstopped, options };
      found.set(number, { ...begun, tasks: taskSetOf(line.tasks), job: null, refusal: null });
      continue;
    }
    const begun = found.get(line.number);
    if (begun === undefined) continue;
    const change = line.kind === 'accepted' ? { job: line.job } : { refusal: line.message };
    found.set(line.number, { ...begun, ...change });
  }
  return [...found.values()];
}

export async function appendSubmission(folder: string, line: SubmissionLine): Promise<void> {
  await appendJsonLine(sweepPaths(folder).submissions, line, 'note the submission');
}

/** A submission to this computer, which has neither jobs nor commands. */
export interface OwnSubmission {
  readonly engine: 'local' | 'queue';
  readonly tasks: readonly number[];
  readonly hours: number | null;
  readonly isUnstopped: boolean;
}

/** Records that this computer trains tasks of a sweep; returns the number of the submission. */
export async function noteOwnSubmission(
  folder: string,
  { engine, tasks, hours, isUnstopped }: OwnSubmission,
): Promise<number> {
  const number = await nextSubmission(folder);
  await appendSubmission(folder, {
    kind: 'begin',
    number,
    at: new Date().toISOString(),
    engine,
    tasks: formatTaskSet(tasks),
    jobName: null,
    offset: 0,
    command: [],
    hours,
    isUnstopped,
  });
  return number;
}

/** The number of a sweep's next submission. */
export async function nextSubmission(folder: string): Promise<number> {
  return ((await readSubmissions(folder)).at(-1)?.number ?? 0) + 1;
}

/** The number of the submission that each task was submitted with last; refused ones do not count. */
export function lastSubmissions(submissions: readonly Submission[]): ReadonlyMap<number, Submission> {
  const last = new Map<number, Submission>();
  for (const submission of submissions) {
    if (submission.refusal !== null) continue;
    for (const index of submission.tasks) last.set(index, submission);
  }
  return last;
}

function taskSetOf(text: string): ReadonlySet<number> {
  try {
    return new Set(parseTaskSet(text));
  } catch {
    return new Set();
  }
}
