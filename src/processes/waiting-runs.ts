import { join } from 'node:path';
import { readStoredRun } from '../node/files/run-folder.ts';
import { isPlanned } from '../node/files/run-record.ts';
import { runNames } from '../runs/library.ts';

/** A waiting run, according to its own folder. */
export interface WaitingRun {
  readonly id: string;
  /** When it was queued. */
  readonly created: string;
}

/**
 * The runs of a folder that have not started and wait for their turn, first queued first.
 * @throws CharloomError('storage') when the folder cannot be listed
 */
export async function waitingRuns(runsFolder: string): Promise<readonly WaitingRun[]> {
  const waiting: WaitingRun[] = [];
  for (const id of await runNames(runsFolder)) {
    const run = await readStoredRun(join(runsFolder, id)).catch(() => undefined);
    if (run !== undefined && isPlanned(run) && run.state === 'waiting')
      waiting.push({ id, created: run.created });
  }
  return waiting.toSorted((a, b) => Date.parse(a.created) - Date.parse(b.created));
}
