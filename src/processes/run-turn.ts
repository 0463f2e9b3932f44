import { dirname, join, resolve } from 'node:path';
import { changePlannedRun, readPlannedRun } from '../node/files/reserved-run.ts';
import { readRunRecord, readStoredRun } from '../node/files/run-folder.ts';
import { isPlanned } from '../node/files/run-record.ts';
import { readRunMark } from '../node/sweeps/run-mark.ts';
import { isSweepFolder } from '../runs/sweeps/find-sweep.ts';
import type { Job, SweepTaskReference } from '../shared/compute/messages.ts';
import type { BackendReference } from '../shared/domain/backends.ts';
import { knownRunSettings } from '../shared/domain/run-settings.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { Outcome } from './compute-task.ts';
import type { RunTurn } from './scheduler-types.ts';
import type { QueuedRun } from './queue-file.ts';

/**
 * Reads what is needed to train the run that is next.
 * @throws CharloomError 'not-found', 'bad-run' or 'storage'; 'run-busy' if another process has started it
 */
export async function readTurn({ resume: request }: QueuedRun, folder: string): Promise<RunTurn> {
  const task = await readTaskReference(folder);
  return request === null
    ? { kind: 'start', folder, task, run: await readPlannedRun(folder) }
    : { kind: 'resume', folder, task, run: await readRunRecord(folder), request };
}

/** The sweep task that a run is, if its sweep is beside it; null for any other run, and for one whose sweep was not kept. */
export async function readTaskReference(folder: string): Promise<SweepTaskReference | null> {
  const mark = await readRunMark(folder);
  if (mark === undefined) return null;
  const sweep = join(dirname(resolve(folder)), mark.sweep);
  return (await isSweepFolder(sweep)) ? { sweep, key: mark.key, index: mark.index } : null;
}

/** The requested number of threads; 0: one per core, at most eight. */
export function threadsOf(turn: RunTurn): number {
  return turn.kind === 'resume' ? turn.request.threads : turn.run.plan.threads;
}

/** How a started run resumes: its settings and the location of its text are stored with it. */
export function resumptionOf(id: string, turn: RunTurn, { kind }: BackendReference): QueuedRun {
  return { id, resume: { textPath: null, changes: {}, backend: kind, threads: threadsOf(turn) } };
}

/** What a run's job needs besides what waited in the queue. */
export interface JobSurroundings {
  /** The choices of the user. */
  readonly backend: BackendReference;
  readonly samples: SampleSettings | null;
}

/** The job of the process that trains a run. */
export function jobFor(
  turn: RunTurn,
  { backend, samples }: JobSurroundings,
): Extract<Job, { kind: 'start' | 'resume' }> {
  const { folder, task } = turn;
  const common = { backend, samples, threads: threadsOf(turn), folder, task };
  if (turn.kind === 'resume') {
    const { textPath, changes } = turn.request;
    return { kind: 'resume', ...common, textPath, changes: knownRunSettings(changes) };
  }
  const { text, encoding, initFrom, vocabulary } = turn.run.plan;
  const settings = knownRunSettings(turn.run.settings);
  return { kind: 'start', ...common, textPath: text.path, encoding, settings, initFrom, vocabulary };
}

/** A reserved folder that its process has left without starting the run, and why. */
export interface UnstartedRun {
  readonly folder: string;
  readonly outcome: Outcome;
  readonly discard: (folder: string) => Promise<void>;
}

/**
 * Settles a run that ended before it started: a stopped run is removed, a run that could not start records the reason. A run that did start has
 * recorded its own end.
 */
export async function settleUnstarted({ folder, outcome, discard }: UnstartedRun): Promise<void> {
  if (outcome.kind === 'done') {
    if (await readStoredRun(folder).then(isPlanned, () => false)) await discard(folder);
    return;
  }
  const reason = outcome.kind === 'failed' ? withFix(outcome.failure) : outcome.message;
  await changePlannedRun(folder, () => ({ state: 'failed', reason: reason.slice(0, 2000) }));
}

function withFix({ message, fix }: { readonly message: string; readonly fix: string | null }): string {
  return fix === null ? message : `${message} ${fix}`;
}
