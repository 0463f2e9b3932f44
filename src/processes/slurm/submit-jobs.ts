import { chmod } from 'node:fs/promises';
import { writeAtomically } from '../../node/files/atomic.ts';
import { withShortLock } from '../../node/files/short-lock.ts';
import {
  appendSubmission,
  nextSubmission,
  readSubmissions,
  type Submission,
} from '../../node/sweeps/submissions.ts';
import { sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { OpenSweep } from '../../runs/sweeps/sweep-turn.ts';
import { arrayParts, type ArrayPart } from './array-parts.ts';
import { checkJobOptions, sbatchWords, type JobOptions } from './job-options.ts';
import { jobScript } from './job-script.ts';
import { findJob } from './list-jobs.ts';
import { requireSlurm, runSlurm, slurmError } from './run-slurm.ts';

/** What is submitted, beside the options of its jobs. */
export interface SubmissionLimits {
  readonly hours: number | null;
  readonly isUnstopped: boolean;
}

/** One array of jobs, exactly as it is submitted. */
export interface JobArray {
  readonly number: number;
  readonly jobName: string;
  readonly part: ArrayPart;
  /** The words of sbatch, the script last. */
  readonly command: readonly string[];
  readonly script: string;
}

/** Slurm's own limit where a cluster sets none. */
const usualMaxArraySize = 1001;

/** How large an array may be on this cluster. @throws CharloomError('cluster') when there is no Slurm, or no answer */
export async function readMaxArraySize(): Promise<number> {
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(await requireSlurm('scontrol', ['show', 'config']));
  const size = Number(found?.[1] ?? usualMaxArraySize);
  if (size > 1) return size;
  throw new CharloomError('cluster', 'This cluster allows no arrays of jobs (MaxArraySize).', {
    fix: 'Ask your cluster’s administrators.',
  });
}

/**
 * What would be submitted for some tasks.
 * @param first the number of the first submission
 */
export function jobArrays(
  { folder, record, tasks: all }: OpenSweep,
  tasks: readonly number[],
  options: JobOptions,
  first: number,
  maxArraySize = usualMaxArraySize,
): readonly JobArray[] {
  checkJobOptions(options);
  const parts = arrayParts(tasks, { total: all.length, maxArraySize });
  const { atOnce } = options;
  // Each array has its own limit.
  const share = atOnce === null ? null : Math.max(1, Math.floor(atOnce / parts.length));
  return parts.map((part, place) => {
    const number = first + place;
    const jobName = jobNameOf(record, number);
    const words = sbatchWords({ ...options, atOnce: share }, { jobName, folder, ...part });
    const command = [...words, sweepPaths(folder).script];
    const { name } = record;
    const script = jobScript({ name, folder, submission: number, offset: part.offset, options, command });
    return { number, jobName, part, command, script };
  });
}

/** Names the jobs of a submission, so that one query finds them: no other sweep uses this name. */
function jobNameOf({ name, key }: OpenSweep['record'], number: number): string {
  const safe = name.normalize('NFKD').replace(/[^\w-]+/g, '');
  return `charloom-${safe.slice(0, 40)}-${key}.${number}`;
}

/**
 * Submits tasks. Nothing is submitted twice: the outcome of the previous submission is settled first, and the tasks are chosen after that.
 * @param choose which tasks, now that their states are known
 * @returns what was submitted; nothing when no task was chosen
 * @throws CharloomError('cluster') in Slurm's own words; what was submitted before the error stays submitted
 */
export async function submitJobs(
  sweep: OpenSweep,
  options: JobOptions,
  limits: SubmissionLimits,
  choose: () => Promise<readonly number[]>,
): Promise<readonly JobArray[]> {
  checkJobOptions(options);
  const { folder } = sweep;
  const maxArraySize = await readMaxArraySize();
  return withShortLock(sweepPaths(folder).submissions, 'submit the sweep', async () => {
    await settleUnanswered(folder);
    const tasks = await choose();
    const arrays = jobArrays(sweep, tasks, options, await nextSubmission(folder), maxArraySize);
    for (const array of arrays) await submitArray(folder, array, options, limits);
    return arrays;
  });
}

async function submitArray(
  folder: string,
  { number, jobName, part, command, script }: JobArray,
  options: JobOptions,
  { hours, isUnstopped }: SubmissionLimits,
): Promise<void> {
  const path = sweepPaths(folder).script;
  await writeAtomically(path, [script], 'write the job script');
  await chmod(path, 0o755);
  await appendSubmission(folder, {
    kind: 'begin',
    number,
    at: new Date().toISOString(),
    engine: 'slurm',
    tasks: formatTaskSet(part.tasks),
    jobName,
    offset: part.offset,
    command: ['sbatch', ...command],
    hours,
    options,
    isUnstopped,
  });
  const answer = await runSlurm('sbatch', command, 60_000);
  if (answer.kind === 'done') return accept(folder, number, answer.output);
  if (answer.kind === 'silent') {
    const job = await findJob(jobName).catch(() => undefined);
    if (job !== undefined) return accept(folder, number, job);
  } else {
    const message = answer.kind === 'refused' ? answer.message : slurmError('sbatch', answer).message;
    await appendSubmission(folder, { kind: 'refused', number, message });
  }
  throw slurmError('sbatch', answer);
}

/** @param output of `sbatch --parsable`: "123", or "123;cluster" */
async function accept(folder: string, number: number, output: string): Promise<void> {
  const job = /^(\d+)/.exec(output.trim())?.[1];
  if (job === undefined)
    throw new CharloomError('cluster', `Slurm answered “${output.trim()}”, which names no job.`);
  await appendSubmission(folder, { kind: 'accepted', number, job });
}

/** A submission whose answer was lost may have been accepted anyway. */
async function settleUnanswered(folder: string): Promise<void> {
  for (const submission of await readSubmissions(folder)) {
    if (!isUnanswered(submission)) continue;
    const { number, jobName } = submission;
    const job = jobName === null ? undefined : await findJob(jobName);
    if (job !== undefined) await accept(folder, number, job);
    else await appendSubmission(folder, { kind: 'refused', number, message: 'Slurm has no record of it.' });
  }
}

function isUnanswered({ engine, job, refusal }: Submission): boolean {
  return engine === 'slurm' && job === null && refusal === null;
}
