import { readlink, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './atomic.ts';
import { readSmallText } from './plain-file.ts';

/**
 * Further facts about the holder of a run's lock: `job.json`, beside `run.lock`. It is a separate file because a Charloom that does not know a field
 * of run.lock would consider the lock torn, and take it over from a living process. A holder with such a note also touches its lock, so that other
 * computers can tell that it is alive (lease.ts).
 */
const jobNoteSchema = z.object({
  /** Token of the lock that it belongs to. */
  token: z.string(),
  /** The job that the process belongs to; null outside a cluster. */
  job: z
    .object({
      engine: z.literal('slurm'),
      cluster: z.string(),
      /** With the task's index if it belongs to an array. */
      id: z.string(),
      /** How often the cluster has restarted it. */
      restart: z.int().min(0),
    })
    .nullable(),
  host: z.string(),
  /** The process id namespace that its pid belongs to (a container has its own); null where the system does not provide it. */
  processNamespace: z.string().nullable(),
});
export type JobNote = Readonly<z.infer<typeof jobNoteSchema>>;

const maxBytes = 1 << 16;

function notePath(folder: string): string {
  return join(folder, 'job.json');
}

/** This process's own note. */
export async function ownJobNote(
  token: string,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<JobNote> {
  return {
    token,
    job: slurmJob(environment),
    host: hostname().slice(0, 255),
    processNamespace: await processNamespace(),
  };
}

/** The note of a lock; undefined if its holder left none, as an older Charloom does. */
export async function readJobNote(folder: string, token: string): Promise<JobNote | undefined> {
  try {
    const note = jobNoteSchema.parse(JSON.parse(await readSmallText(notePath(folder), maxBytes)));
    return note.token === token ? note : undefined;
  } catch {
    return undefined;
  }
}

export async function writeJobNote(folder: string, note: JobNote): Promise<void> {
  await writeAtomically(notePath(folder), [JSON.stringify(note)], 'lock the run');
}

export async function removeJobNote(folder: string): Promise<void> {
  await rm(notePath(folder), { force: true }).catch(() => undefined);
}

/** Whether a note is of an earlier attempt of the same job: a cluster restarts a job only after the previous attempt has ended. */
export function isEarlierAttempt({ job: before }: JobNote, { job: own }: JobNote): boolean {
  if (before === null || own === null) return false;
  const isSame = before.cluster === own.cluster && before.id === own.id;
  return isSame && before.restart < own.restart;
}

/** The variables that Slurm sets for every job (sbatch(1)); SLURM_RESTART_COUNT from the second attempt on. */
function slurmJob(environment: Readonly<NodeJS.ProcessEnv>): JobNote['job'] {
  const job = environment['SLURM_JOB_ID'];
  if (job === undefined) return null;
  const array = environment['SLURM_ARRAY_JOB_ID'];
  return {
    engine: 'slurm',
    cluster: environment['SLURM_CLUSTER_NAME'] ?? '',
    id: array === undefined ? job : `${array}_${environment['SLURM_ARRAY_TASK_ID'] ?? ''}`,
    restart: Math.max(0, Math.trunc(Number(environment['SLURM_RESTART_COUNT'] ?? 0)) || 0),
  };
}

/** The process id namespace of this process; null where the system does not provide it. */
export async function processNamespace(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}
