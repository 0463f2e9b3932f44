import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { launcherFile } from '../../node/files/built-files.ts';
import { makeFolder } from '../../node/files/make-folder.ts';
import { RunLock } from '../../node/files/run-lock.ts';
import { listenForInterrupts } from '../../node/interrupts.ts';
import { noteOwnSubmission } from '../../node/sweeps/submissions.ts';
import { localFolder, taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { defaultThreads, usableCores } from '../../node/threads.ts';
import type { SubmissionLimits } from '../../processes/slurm/submit-jobs.ts';
import type { OpenSweep } from '../../runs/sweeps/sweep-turn.ts';
import { readSweepOverview } from '../../runs/sweeps/overview.ts';
import { formatLoss, formatQuantity } from '../../shared/format/numbers.ts';
import { exitCodes } from '../exit-codes.ts';
import type { SweepSubmitResult } from '../json-output.ts';
import type { Output } from '../output.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { changesInWords, stateWords } from './words.ts';

export interface LocalWork extends SubmissionLimits {
  readonly sweep: OpenSweep;
  readonly choose: () => Promise<readonly number[]>;
  /** Runs that train at the same time. */
  readonly atOnce: number;
  /** Threads of each run; by default all available threads, shared among the runs. */
  readonly threads: number | undefined;
}

/** Trains the tasks of a sweep on this computer, each in a separate process, until all are done or it is interrupted: the runs then save. */
export async function runLocally(work: LocalWork, output: Output): Promise<void> {
  const { sweep, choose } = work;
  const place = localFolder(sweep.folder);
  await makeFolder(place);
  const lock = await RunLock.takeRun(place);
  const children = new Set<ChildProcess>();
  let isStopping = false;
  const tell = (signal: NodeJS.Signals): void => children.forEach((child) => void child.kill(signal));
  const stopListening = listenForInterrupts({
    onStop: () => {
      isStopping = true;
      output.note('Stopping: the runs save what they have learned.');
      tell('SIGTERM');
    },
    onLeave: () => tell('SIGTERM'),
    onCheckpoint: () => tell('SIGUSR2'),
  });
  try {
    const tasks = await choose();
    if (tasks.length > 0) await train(work, tasks, { children, isStopping: () => isStopping, output });
    await report(sweep, tasks, isStopping, output);
  } finally {
    stopListening();
    await lock.release();
  }
}

interface Training {
  readonly children: Set<ChildProcess>;
  readonly isStopping: () => boolean;
  readonly output: Output;
}

async function train(work: LocalWork, tasks: readonly number[], training: Training): Promise<void> {
  const { sweep, atOnce, hours, isUnstopped } = work;
  const number = await noteOwnSubmission(sweep.folder, { engine: 'local', tasks, hours, isUnstopped });
  const threads = work.threads ?? Math.max(1, Math.min(defaultThreads(), Math.floor(usableCores() / atOnce)));
  const waiting = [...tasks];
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      if (training.isStopping()) return;
      await trainOne(sweep, { index, number, threads }, training);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, worker));
}

async function trainOne(
  sweep: OpenSweep,
  { index, number, threads }: { readonly index: number; readonly number: number; readonly threads: number },
  { children, output }: Training,
): Promise<void> {
  const paths = taskPaths(sweep.folder, index, sweep.tasks.length);
  const log = await open(paths.log, 'a');
  try {
    const taskArguments = ['sweep', 'task', sweep.folder, String(index), '--submission', String(number)];
    const child = spawn(process.execPath, [launcherFile(), ...taskArguments, '--threads', String(threads)], {
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C in a terminal reaches this process, which signals each child once.
      detached: process.platform !== 'win32',
    });
    children.add(child);
    const entry = sweep.tasks[index - 1];
    output.note(`${entry?.run ?? index}: begins (${changesInWords(entry?.changes ?? {})})`);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    }).finally(() => children.delete(child));
    const isUsual = code === 0 || code === exitCodes.unfinished.code;
    const outcome = isUsual
      ? await standing(sweep, index)
      : `ended with ${code ?? 'a signal'}; its log: ${paths.log}`;
    output.note(`${entry?.run ?? index}: ${outcome}`);
  } finally {
    await log.close();
  }
}

async function standing(sweep: OpenSweep, index: number): Promise<string> {
  const task = (await readSweepOverview(sweep.folder)).tasks[index - 1];
  if (task === undefined) return '';
  const loss = task.loss === null ? '' : `, validation loss ${formatLoss(task.loss)}`;
  const state = task.state === 'restarting' ? 'saved' : stateWords[task.state];
  return `${state}${loss}`;
}

async function report(
  { folder, record: { name } }: OpenSweep,
  tasks: readonly number[],
  isStopping: boolean,
  output: Output,
): Promise<void> {
  const result: SweepSubmitResult = {
    sweep: name,
    engine: 'local',
    tasks: [...tasks],
    arrays: [],
    is_printed_only: false,
  };
  const { counts } = await readSweepOverview(folder);
  output.result(result, () => {
    if (tasks.length === 0) return 'Nothing is left to train.';
    const done = `${formatQuantity(counts.finished, 'run')} of the sweep ${counts.finished === 1 ? 'has' : 'have'} finished.`;
    const next = isStopping
      ? suggestedCommand(['sweep', 'submit', name, '--engine', 'local'])
      : suggestedCommand(['sweep', 'best', name]);
    return isStopping ? `${done} The others resume with: ${next}` : `${done} The best: ${next}`;
  });
}
