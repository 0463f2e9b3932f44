import { readFile } from 'node:fs/promises';
import { launcherFile } from '../../node/files/built-files.ts';
import { hashFile } from '../../node/files/hash-file.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { nextSubmission, readSubmissions } from '../../node/sweeps/submissions.ts';
import { sweepPaths } from '../../node/sweeps/sweep-folder.ts';
import { jobOptionsSchema, type JobOptions } from '../../processes/slurm/job-options.ts';
import { submitCommand } from '../../processes/slurm/job-script.ts';
import {
  jobArrays,
  readMaxArraySize,
  submitJobs,
  type JobArray,
  type SubmissionLimits,
} from '../../processes/slurm/submit-jobs.ts';
import { checkShell } from '../../processes/slurm/check-shell.ts';
import { SweepObserver } from '../../processes/sweeps/observe-sweep.ts';
import { openSweep, type OpenSweep } from '../../runs/sweeps/sweep-turn.ts';
import { findSweep } from '../../runs/sweeps/find-sweep.ts';
import type { SweepTaskState } from '../../shared/domain/sweep.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import type { SweepSubmitResult } from '../json-output.ts';
import type { Output } from '../output.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { chooseTasks } from './choose-tasks.ts';
import { runLocally } from './run-locally.ts';

export interface SubmitOptions {
  readonly engine?: 'slurm' | 'local';
  readonly time?: string;
  readonly cpus?: number;
  readonly mem?: string;
  readonly gpus?: number;
  readonly partition?: string;
  readonly account?: string;
  readonly atOnce?: number;
  readonly hours?: number;
  readonly setup?: string;
  readonly wrap?: string;
  readonly sbatch?: readonly string[];
  readonly command?: string;
  readonly print?: boolean;
}

/** Which tasks to submit, and how. */
export interface SubmitChoice {
  readonly states?: readonly SweepTaskState[] | undefined;
  readonly named?: readonly number[] | undefined;
  /** True: tasks that early stopping has ended are trained to their end. */
  readonly isUnstopped: boolean;
}

export async function submit(
  name: string,
  runsFolder: string,
  options: SubmitOptions,
  { states, named, isUnstopped }: SubmitChoice,
  output: Output,
): Promise<void> {
  const folder = await findSweep(name, runsFolder);
  const sweep = await openSweep(folder);
  const choose = async (isLocalOurs = false): Promise<readonly number[]> =>
    chooseTasks((await new SweepObserver(folder).settled({ isLocalOurs })).tasks, states, named);
  await refuseChangedText(sweep);
  const limits = await limitsOf(folder, options, isUnstopped);
  const engine = options.engine ?? (await lastEngine(folder)) ?? 'slurm';
  if (engine === 'local') {
    const atOnce = options.atOnce ?? 1;
    return runLocally(
      { sweep, choose: () => choose(true), atOnce, ...limits, threads: options.cpus },
      output,
    );
  }
  const jobs = await jobOptions(folder, options);
  const arrays =
    options.print === true
      ? await printed(sweep, await choose(), jobs)
      : await submitJobs(sweep, jobs, limits, () => choose());
  report(sweep, arrays, options, output);
}

function report(
  { record: { name } }: OpenSweep,
  arrays: readonly JobArray[],
  { print = false }: SubmitOptions,
  output: Output,
): void {
  const tasks = arrays.flatMap(({ part }) => part.tasks);
  const result: SweepSubmitResult = {
    sweep: name,
    engine: 'slurm',
    tasks,
    arrays: arrays.map(({ number, jobName, part, command, script }) => ({
      ...{
        number,
        job_name: jobName,
        tasks: formatTaskSet(part.tasks),
        command: ['sbatch', ...command],
        script,
      },
    })),
    is_printed_only: print,
  };
  output.result(result, () => {
    if (tasks.length === 0)
      return `Nothing is left to submit: ${statusCommand(name)} shows the state of each run.`;
    if (print) return arrays.map(printedArray).join('\n');
    return `Submitted ${formatQuantity(tasks.length, 'run')}. ${statusCommand(name)} follows them.`;
  });
}

function statusCommand(name: string): string {
  return `"${suggestedCommand(['sweep', 'status', name])}"`;
}

function printedArray({ command, script }: JobArray): string {
  return `# ${submitCommand(command)}\n${script}`;
}

/** What would be submitted; without Slurm, in the form for a typical cluster. */
async function printed(
  sweep: OpenSweep,
  tasks: readonly number[],
  jobs: JobOptions,
): Promise<readonly JobArray[]> {
  const first = await nextSubmission(sweep.folder);
  const size = await readMaxArraySize().catch((error: unknown) => {
    if (error instanceof CharloomError) return undefined;
    throw error;
  });
  return jobArrays(sweep, tasks, jobs, first, size);
}

async function limitsOf(
  folder: string,
  { hours }: SubmitOptions,
  isUnstopped: boolean,
): Promise<SubmissionLimits> {
  const before = (await readSubmissions(folder)).findLast(({ refusal }) => refusal === null);
  return { hours: hours ?? before?.hours ?? null, isUnstopped };
}

async function lastEngine(folder: string): Promise<'slurm' | 'local' | undefined> {
  const engine = (await readSubmissions(folder)).findLast(({ refusal }) => refusal === null)?.engine;
  return engine === 'queue' ? undefined : engine;
}

/** The job options: as given, falling back to those given last. */
async function jobOptions(folder: string, given: SubmitOptions): Promise<JobOptions> {
  const submissions = await readSubmissions(folder);
  const before = submissions
    .map(({ options }) => jobOptionsSchema.safeParse(options).data)
    .findLast((options) => options !== undefined);
  const time = given.time ?? before?.time;
  if (time === undefined) {
    throw new CharloomError(
      'usage',
      'Slurm needs --time: how long one run may take at most, as in 2:00:00.',
      {
        fix: 'A run that is not done by then saves, and its job asks for another turn. To train on this computer instead: --engine local.',
      },
    );
  }
  const { cpus, mem, gpus, partition, account, atOnce, wrap, sbatch } = given;
  return {
    time,
    cpus: cpus ?? before?.cpus ?? 2,
    memory: mem ?? before?.memory ?? null,
    gpus: gpus ?? before?.gpus ?? 0,
    partition: partition ?? before?.partition ?? null,
    account: account ?? before?.account ?? null,
    atOnce: atOnce ?? before?.atOnce ?? 20,
    setup: given.setup === undefined ? (before?.setup ?? null) : await readSetup(given.setup),
    wrap: wrap ?? before?.wrap ?? null,
    extra: sbatch ?? before?.extra ?? [],
    charloom: given.command === undefined ? [process.execPath, launcherFile()] : given.command.split(/\s+/),
  };
}

async function readSetup(path: string): Promise<string> {
  const setup = await withStorageErrors('read the setup file', path, () => readFile(path, 'utf8'));
  await checkShell(setup, path);
  return setup;
}

/** @throws CharloomError('text-changed') */
async function refuseChangedText({ folder, record }: OpenSweep): Promise<void> {
  const { text } = sweepPaths(folder);
  const sha256 = await withStorageErrors('read the text', text, () => hashFile(text));
  if (sha256 === record.text.sha256) return;
  throw new CharloomError('text-changed', `${text} is not the text that the sweep was planned on.`, {
    fix: 'Put the original text back, or plan a new sweep.',
  });
}
