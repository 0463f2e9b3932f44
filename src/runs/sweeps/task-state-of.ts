import { isCancelled } from '../../node/sweeps/cancellations.ts';
import type { Submission } from '../../node/sweeps/submissions.ts';
import type { SweepTaskState } from '../../shared/domain/sweep.ts';
import { assertNever } from '../../shared/errors.ts';
import {
  endReason,
  isJobActive,
  isJobEnded,
  isJobPending,
  pendingReason,
  type JobList,
  type JobView,
} from './jobs.ts';
import { startedRun, type TaskFacts } from './task-facts.ts';

/** The facts about a sweep besides the files of a task. */
export interface SweepSurroundings {
  /** Of each task, the last that was not refused. */
  readonly submissions: ReadonlyMap<number, Submission>;
  readonly cancelled: ReadonlyMap<number, number>;
  readonly jobs: JobList;
  /** Whether `submit --engine local` is at work on the sweep. */
  readonly isLocalAlive: boolean;
  /** Names of run folders that wait in the queue of a workbench. */
  readonly queued: ReadonlySet<string>;
}

export interface TaskStanding {
  readonly state: SweepTaskState;
  readonly reason: string | null;
  readonly node: string | null;
  /** True where only the log of the task can say what went wrong. */
  readonly isUnexplained?: boolean;
}

/**
 * The state of a task. Its run's files win, since they are there when Slurm has forgotten a job; Slurm explains what they cannot: why a task waits,
 * where it runs, how a job ended that recorded nothing.
 */
export function taskStateOf(found: TaskFacts, around: SweepSurroundings): TaskStanding {
  const { entry, host } = found;
  const submission = around.submissions.get(entry.index);
  const job = jobOf(entry.index, submission, around.jobs);
  const facts = isHolderGone(found, around.jobs, submission) ? { ...found, isHeld: false } : found;
  return (
    endedRun(facts) ??
    underway(facts, around.jobs, job) ??
    ended(facts, around, submission, job) ??
    unsettled(facts, around, submission, job) ?? { state: 'lost', reason: lostReason, node: host }
  );
}

const lostReason = 'It was submitted, but neither Slurm nor its files have a record of it. Retry it.';

function jobOf(index: number, submission: Submission | undefined, { jobs }: JobList): JobView | undefined {
  if (submission === undefined || submission.job === null) return undefined;
  return jobs.get(`${submission.job}_${index - submission.offset}`);
}

/**
 * Whether Slurm knows better than the lock of a run. A process that was killed on another node leaves a lock that looks alive for minutes, and each
 * command that checks it begins to watch it again. A job that has ended, or that the queue no longer lists, has no running process.
 */
function isHolderGone(
  { state, holderJob }: TaskFacts,
  { isKnown, askedAt, jobs }: JobList,
  submission: Submission | undefined,
): boolean {
  const array = submission?.job ?? null;
  if (holderJob === null || !isKnown || array === null) return false;
  if (state !== undefined && Date.parse(state.updated) > askedAt) return false;
  const job = jobs.get(holderJob);
  return job === undefined ? holderJob.startsWith(`${array}_`) : isJobEnded(job);
}

/** A state that no longer changes. */
function endedRun(facts: TaskFacts): TaskStanding | undefined {
  const { run, host: node } = facts;
  if (run?.state === 'finished') return { state: 'finished', reason: run.reason, node };
  if (run?.state === 'exploded' && !facts.isHeld) return { state: 'exploded', reason: run.reason, node };
  return undefined;
}

function underway(
  facts: TaskFacts,
  { askedAt }: JobList,
  job: JobView | undefined,
): TaskStanding | undefined {
  const { state, isHeld, host } = facts;
  // Slurm restarts a job only when its process has ended, even if its lock still exists.
  const hasSpokenSince = isHeld && state !== undefined && Date.parse(state.updated) > askedAt;
  if (job !== undefined && isJobPending(job) && !hasSpokenSince) {
    const isBegun = state !== undefined && state.attempts > 0;
    return { state: isBegun ? 'restarting' : 'waiting', reason: pendingReason(job), node: null };
  }
  if (isHeld) {
    const run = startedRun(facts);
    return { state: 'running', reason: run?.state === 'paused' ? run.reason : null, node: host };
  }
  if (job === undefined) return undefined;
  // A job that is ending has already recorded its result.
  if (isJobActive(job) && job.state !== 'COMPLETING')
    return { state: 'running', reason: null, node: job.node };
  return undefined;
}

/** Decisions on a task within its last submission. */
function ended(
  { entry, state, host: node, run }: TaskFacts,
  { cancelled }: SweepSurroundings,
  submission: Submission | undefined,
  job: JobView | undefined,
): TaskStanding | undefined {
  const number = submission?.number ?? 0;
  const isOfThis = state !== undefined && state.submission >= number;
  if (isOfThis && (state.state === 'stopped-early' || state.state === 'failed'))
    return { state: state.state, reason: state.reason, node };
  if (isCancelled(cancelled, entry.index, number)) return { state: 'cancelled', reason: null, node };
  if (run?.state === 'failed' && (submission === undefined || isOfThis || submission.engine === 'queue'))
    return { state: 'failed', reason: run.reason, node };
  if (job?.state === 'CANCELLED')
    return { state: 'cancelled', reason: 'Its job was cancelled with scancel.', node };
  return undefined;
}

/** A task that nothing works on now and that has not ended. */
function unsettled(
  facts: TaskFacts,
  { jobs, isLocalAlive, queued }: SweepSurroundings,
  submission: Submission | undefined,
  job: JobView | undefined,
): TaskStanding | undefined {
  const { entry, run, state, host: node } = facts;
  const isBegun = startedRun(facts) !== undefined;
  const saved: TaskStanding = { state: 'stopped', reason: null, node };
  if (queued.has(entry.run) || run?.state === 'waiting')
    return { state: isBegun ? 'restarting' : 'waiting', reason: null, node };
  if (submission === undefined) return isBegun ? saved : { ...saved, state: 'planned' };
  switch (submission.engine) {
    case 'queue':
      return isBegun ? saved : { ...saved, state: 'planned' };
    case 'local':
      if (isLocalAlive) return { state: isBegun ? 'restarting' : 'waiting', reason: null, node };
      if (state?.state === 'running') return undefined;
      return isBegun ? saved : { ...saved, state: 'planned' };
    case 'slurm':
      return ofSlurm(facts, jobs, job, saved);
    default:
      return assertNever(submission.engine);
  }
}

function ofSlurm(
  facts: TaskFacts,
  { isKnown }: JobList,
  job: JobView | undefined,
  saved: TaskStanding,
): TaskStanding | undefined {
  const isBegun = startedRun(facts) !== undefined;
  // Runs copied from a cluster, or a controller that does not respond: the files show the progress.
  if (!isKnown) return isBegun ? saved : { ...saved, state: 'waiting' };
  if (job === undefined) return facts.state?.state === 'waiting' ? saved : undefined;
  // Whether it is started again is known when it has ended.
  if (job.state === 'COMPLETING') {
    return { state: isBegun ? 'restarting' : 'waiting', reason: 'Its job is ending.', node: job.node };
  }
  const reason = endReason(job);
  if (facts.state?.state === 'waiting' || reason === null) return isBegun ? { ...saved, reason } : undefined;
  return { state: 'failed', reason, node: job.node, isUnexplained: job.state === 'FAILED' };
}
