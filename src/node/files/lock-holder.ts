import { hostname } from 'node:os';
import { processNamespace, type JobNote } from './job-note.ts';
import { isOfEarlierStart, mayBeAlive, type ProcessIdentity } from './process-identity.ts';

/** The process that works in a run folder. */
export interface RunHolder extends ProcessIdentity {
  /** The job of a cluster that it belongs to, with the task's index where it is one of an array ("17_3"); null outside a cluster. */
  readonly job: string | null;
}

/** Whether the process that a lock names may be alive. In another container on this computer its number may be free, or another process's. */
export async function mayHold(holder: ProcessIdentity, note: JobNote | undefined): Promise<boolean> {
  return (await canBeAsked(holder, note)) ? mayBeAlive(holder) : !(await isOfEarlierStart(holder));
}

/** Whether this system's word on a process number is about that process. */
export async function canBeAsked(holder: ProcessIdentity, note: JobNote | undefined): Promise<boolean> {
  if (holder.host !== hostname().slice(0, 255)) return false;
  const other = note?.processNamespace ?? null;
  const own = await processNamespace();
  return other === null || own === null || own === other;
}
