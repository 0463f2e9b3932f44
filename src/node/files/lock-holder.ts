import { hostname } from 'node:os';
import { processNamespace, type JobNote } from './job-note.ts';
import { isOfEarlierStart, mayBeAlive, type ProcessIdentity } from './process-identity.ts';

/** The process that works in a run folder. */
export interface RunHolder extends ProcessIdentity {
  /** The job of a cluster that it belongs to, with the task's index if it belongs to an array ("17_3"); null outside a cluster. */
  readonly job: string | null;
}

/** Whether the process that a lock names may be alive. In this container the pid of a process in another one may be free, or belong to another process. */
export async function mayHold(holder: ProcessIdentity, note: JobNote | undefined): Promise<boolean> {
  return (await canBeAsked(holder, note)) ? mayBeAlive(holder) : !(await isOfEarlierStart(holder));
}

/** Whether a pid lookup on this system would refer to that process. */
export async function canBeAsked(holder: ProcessIdentity, note: JobNote | undefined): Promise<boolean> {
  if (holder.host !== hostname().slice(0, 255)) return false;
  const other = note?.processNamespace ?? null;
  const own = await processNamespace();
  return other === null || own === null || own === other;
}
