import { pendingSentence } from './pending-reason.ts';

/** Slurm's record of one job. */
export interface JobView {
  /** As Slurm calls it: PENDING, RUNNING, NODE_FAIL ... */
  readonly state: string;
  /** Why it waits or has ended, in Slurm's words; null if Slurm gives no reason. */
  readonly reason: string | null;
  readonly node: string | null;
}

/** The jobs of a sweep at one point in time. */
export interface JobList {
  /** False if Slurm is not here or does not answer: then nothing follows from a job that is not in the list. */
  readonly isKnown: boolean;
  /** Why it is not known, in a sentence. */
  readonly problem: string | null;
  /** When Slurm answered, in milliseconds since 1970; 0 where it was not asked. */
  readonly askedAt: number;
  /** By `<array>_<element>`. */
  readonly jobs: ReadonlyMap<string, JobView>;
}

/** For when Slurm was not asked. */
export const unknownJobs: JobList = { isKnown: false, problem: null, askedAt: 0, jobs: new Map() };

const activeStates = [
  ...['RUNNING', 'COMPLETING', 'CONFIGURING', 'SUSPENDED', 'STAGE_OUT', 'SIGNALING', 'STOPPED', 'RESIZING'],
];
const pendingStates = ['PENDING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'RESV_DEL_HOLD'];

export function isJobActive({ state }: JobView): boolean {
  return activeStates.includes(state);
}

export function isJobPending({ state }: JobView): boolean {
  return pendingStates.includes(state);
}

/** Why a job waits, for people; null if Slurm gives no reason. */
export function pendingReason({ reason }: JobView): string | null {
  return reason === null ? null : pendingSentence(reason);
}

/** Whether a job has ended: nothing of it runs, and it is not restarted automatically. */
export function isJobEnded(job: JobView): boolean {
  return !isJobActive(job) && !isJobPending(job);
}

/** What became of a job that has ended, in a sentence; null for one that ended well. */
export function endReason({ state }: JobView): string | null {
  switch (state) {
    case 'COMPLETED':
      return null;
    case 'TIMEOUT':
      return 'Its job reached its time limit.';
    case 'DEADLINE':
      return 'Its job reached its deadline.';
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return 'Its node failed.';
    case 'OUT_OF_MEMORY':
      return 'Its job needed more memory than it was given: submit it with more --mem.';
    case 'PREEMPTED':
      return 'Its job had to make room for another.';
    case 'FAILED':
      return 'Its job ended with an error.';
    default:
      return `Slurm says of its job: ${state}.`;
  }
}
