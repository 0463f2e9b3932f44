import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { systemCode } from './storage-error.ts';

/**
 * Identifies a process, so that others can tell whether it is still alive. The pid alone is not enough: the system reuses pids of ended processes,
 * especially after a restart of the machine.
 */
export const processIdentitySchema = z.strictObject({
  pid: z.int().positive(),
  host: z.string().max(255),
  /** Changes with every start of the machine; null where the system does not provide it. */
  boot: z.string().max(64).nullable(),
  /** Start time of the process, in the system's ticks; null where it is not available. */
  started: z.string().max(32).nullable(),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** This process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const status = await processStatus(process.pid);
  return {
    pid: process.pid,
    host: hostname().slice(0, 255),
    boot: await bootIdentity(),
    started: status?.started ?? null,
  };
}

/**
 * Whether a process can still be running. In doubt (another machine, no permission to ask), true: the question is asked before something is taken
 * from the process.
 */
export async function mayBeAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.host !== hostname().slice(0, 255)) return true;
  if (await isOfEarlierStart(identity)) return false;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  const status = await processStatus(identity.pid);
  if (status === undefined) return true;
  // Z: killed, but not yet reaped by its parent.
  if (status.state === 'Z' || status.state === 'X') return false;
  return identity.started === null || identity.started === status.started;
}

/** Whether a process of this computer was started before the computer's last restart. */
export async function isOfEarlierStart({ host, boot }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname().slice(0, 255) || boot === null) return false;
  const own = await bootIdentity();
  return own !== null && own !== boot;
}

async function bootIdentity(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/** From Linux's /proc/PID/stat (proc(5)): field 3 the state, field 22 the start time. Undefined elsewhere. */
async function processStatus(
  pid: number,
): Promise<{ readonly state: string; readonly started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The program's name, field 2, is in parentheses and may itself hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const started = fields?.[19];
  return state === undefined || started === undefined ? undefined : { state, started };
}
