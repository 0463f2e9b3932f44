import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { charloomVersion } from '../../shared/version.ts';
import { syncFolder, writeAtomically } from './atomic.ts';
import { makeFolder } from './make-folder.ts';
import type { PlannedRun, RunPlan } from './planned-run.ts';
import { makeRunFolder, readStoredRun, runPaths } from './run-folder.ts';
import { RunLock } from './run-lock.ts';
import { encodeRunRecord, isPlanned } from './run-record.ts';
import { withStorageErrors } from './storage-error.ts';

export interface Reservation {
  readonly settings: RunSettings;
  readonly plan: RunPlan;
  /** When the run was queued. */
  readonly created: string;
}

/**
 * Creates the folder of a run that will start later. It is not locked: the process that starts the run takes the lock.
 * @returns its absolute path
 * @throws CharloomError('storage')
 */
export async function reserveRun(runsFolder: string, reservation: Reservation): Promise<string> {
  const parent = resolve(runsFolder);
  const { settings, plan, created } = reservation;
  return withStorageErrors('make a run folder', parent, async () => {
    await makeFolder(parent, 'make a run folder');
    const folder = await makeRunFolder(parent, settings.name);
    const stamps = { created, updated: created, writtenBy: charloomVersion };
    try {
      await writePlan(folder, {
        formatVersion: 2,
        state: 'waiting',
        reason: null,
        ...stamps,
        settings,
        plan,
      });
      await syncFolder(parent);
    } catch (error) {
      // Frees the name again.
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return folder;
  });
}

/**
 * The plan of a run that has not started.
 * @throws CharloomError 'not-found', 'bad-run' or 'storage'; 'run-busy' when it has started
 */
export async function readPlannedRun(folder: string): Promise<PlannedRun> {
  const run = await readStoredRun(folder);
  if (isPlanned(run)) return run;
  throw new CharloomError('run-busy', `The run at ${folder} has already started.`);
}

/**
 * Changes the record of a run that has not started.
 * @returns false if it has started meanwhile, or no longer exists
 * @throws CharloomError 'run-busy' while a process is starting it, 'bad-run' or 'storage'
 */
export async function changePlannedRun(
  folder: string,
  change: (before: PlannedRun) => Partial<Pick<PlannedRun, 'state' | 'reason' | 'settings' | 'plan'>>,
): Promise<boolean> {
  const isThere = await readStoredRun(folder).then(isPlanned, () => false);
  if (!isThere) return false;
  const lock = await RunLock.take(folder);
  try {
    const before = await readStoredRun(folder);
    if (!isPlanned(before)) return false;
    const updated = new Date().toISOString();
    await writePlan(folder, { ...before, ...change(before), writtenBy: charloomVersion, updated });
    return true;
  } finally {
    await lock.release();
  }
}

async function writePlan(folder: string, run: PlannedRun): Promise<void> {
  await writeAtomically(runPaths(folder).record, [encodeRunRecord(run)], 'save the run');
}
