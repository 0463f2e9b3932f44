import { isDeepStrictEqual } from 'node:util';
import { basename, dirname, join, resolve } from 'node:path';
import { readPlannedRun, reserveRun, type Reservation } from '../node/files/reserved-run.ts';
import type { DescribedRun, QueuedRun, QueueFile } from './queue-file.ts';
import { waitingRuns } from './waiting-runs.ts';

/**
 * Gives the runs of a queue of format 1 their folders. Repeated after an interruption, it finds those that already have theirs.
 * @throws CharloomError('storage')
 */
export async function reserveDescribed(
  described: readonly DescribedRun[],
  runsFolder: string,
): Promise<QueueFile['order']> {
  const reserved = new Map<string, Reservation>();
  for (const { id } of await waitingRuns(runsFolder)) {
    reserved.set(id, await readPlannedRun(join(runsFolder, id)));
  }
  const orders: Record<string, readonly QueuedRun[]> = {};
  for (const run of described) {
    const parent = run.kind === 'resume' ? resolve(dirname(run.folder)) : runsFolder;
    const queued =
      run.kind === 'resume' ? resumeOf(run) : { id: await reserve(run, runsFolder, reserved), resume: null };
    orders[parent] = [...(orders[parent] ?? []), queued];
  }
  return orders;
}

function resumeOf(run: Extract<DescribedRun, { kind: 'resume' }>): QueuedRun {
  const { folder, textPath, changes, backend, threads } = run;
  return { id: basename(folder), resume: { textPath, changes, backend, threads } };
}

/** The id of the run's folder: a new one, or the existing one. */
async function reserve(
  run: Extract<DescribedRun, { kind: 'start' }>,
  runsFolder: string,
  reserved: Map<string, Reservation>,
): Promise<string> {
  const { textPath, textTitle, encoding, settings, initFrom, backend, threads, created } = run;
  const text = { path: textPath, title: textTitle };
  const plan = { text, encoding, initFrom, vocabulary: null, backend, threads };
  for (const [id, other] of reserved) {
    if (!isDeepStrictEqual([other.settings, other.plan, other.created], [settings, plan, created])) continue;
    reserved.delete(id);
    return id;
  }
  return basename(await reserveRun(runsFolder, { settings, plan, created }));
}
