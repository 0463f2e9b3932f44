import { lstat, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { decodeMetric } from '../node/files/metrics.ts';
import { openPlainWithStats, readUpTo, type OpenedFile } from '../node/files/plain-file.ts';
import { readRunRecord, readStoredRun, runPaths } from '../node/files/run-folder.ts';
import type { PlannedRun } from '../node/files/planned-run.ts';
import { runHolder } from '../node/files/run-lock.ts';
import { sizeKnowing } from '../node/files/sizes.ts';
import { isPlanned, type RunRecord } from '../node/files/run-record.ts';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';
import type { FoundState, RecordedState } from '../shared/domain/run-state.ts';
import { CharloomError } from '../shared/errors.ts';
import { bestCheckpoint, listCheckpointsOf, lossesInOrder, type CheckpointSummary } from './checkpoints.ts';

export interface ReadableRun {
  readonly kind: 'run';
  /** Absolute path of the run folder. */
  readonly folder: string;
  /** The folder's name, which is the run's name. */
  readonly name: string;
  /** The current state: `interrupted` means that the file says `running` or `paused`, but the process has ended (killed, or a power cut). */
  readonly status: FoundState;
  readonly record: RunRecord;
  /** Completed iterations, from the metrics. */
  readonly iteration: number;
  readonly checkpoints: number;
  readonly best: CheckpointSummary | null;
  /** Validation losses of its checkpoints, in nats per symbol, in the order of training. */
  readonly losses: readonly number[];
  /** On disk, checkpoints included. */
  readonly bytes: number;
  /** Sentences on files of the run that cannot be used. */
  readonly problems: readonly string[];
}

/** A run that has not started: it waits for its turn, or could not start. */
export interface UnstartedRun {
  readonly kind: 'planned';
  readonly folder: string;
  readonly name: string;
  readonly record: PlannedRun;
}

export interface DamagedRun {
  readonly kind: 'damaged';
  readonly folder: string;
  readonly name: string;
  /** One sentence. */
  readonly problem: string;
}

export type RunSummary = ReadableRun | UnstartedRun | DamagedRun;

/** A run's summary. Never fails: problems in the folder are part of the result. */
export async function summarizeRun(runFolder: string): Promise<RunSummary> {
  const folder = resolve(runFolder);
  const name = basename(folder);
  try {
    const stored = await readStoredRun(folder);
    if (isPlanned(stored)) return { kind: 'planned', folder, name, record: stored };
    const { record, status } = await stateOf(folder, stored);
    const list = await listCheckpointsOf(folder, record);
    const problems = list.problems.map(({ problem }) => problem);
    const last = await lastIteration(folder).catch((error: unknown) => {
      if (!(error instanceof CharloomError)) throw error;
      problems.push(error.message);
      return undefined;
    });
    return {
      kind: 'run',
      folder,
      name,
      status,
      record,
      iteration: Math.max(record.iteration, last ?? 0),
      checkpoints: list.checkpoints.length,
      best: bestCheckpoint(list) ?? null,
      losses: lossesInOrder(list),
      bytes: await sizeKnowing(folder, new Map(list.checkpoints.map(({ path, bytes }) => [path, bytes]))),
      problems,
    };
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    const problem = error.code === 'not-found' ? await lossOf(folder) : error.message;
    return { kind: 'damaged', folder, name, problem };
  }
}

/** Describes what a folder without a run.json is. */
async function lossOf(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  const isLink = await lstat(folder).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink && !isThere
    ? `${folder} is a link to a folder that does not exist. Is its disk connected?`
    : `${folder} has no run.json.`;
}

async function stateOf(
  folder: string,
  record: RunRecord,
): Promise<{ readonly record: RunRecord; readonly status: FoundState }> {
  const holder = await runHolder(folder);
  if (holder !== undefined) return { record, status: record.state === 'paused' ? 'paused' : 'running' };
  if (!isHeld(record.state)) return { record, status: record.state };
  // It may have ended between the two checks: it writes its final record before it releases its lock.
  const last = await readRunRecord(folder);
  return { record: last, status: isHeld(last.state) ? 'interrupted' : last.state };
}

/** Whether the file says that a process works on the run. */
function isHeld(state: RecordedState): boolean {
  return state === 'running' || state === 'paused';
}

/** Enough for the last few lines, and for the last few hundred if those are damaged or very long. */
const tailBytes = { near: 1 << 12, far: 1 << 16 } as const;

/**
 * The iteration of the last complete line of the metrics; reads only the end of a file that may be long.
 * @throws CharloomError('storage')
 */
async function lastIteration(folder: string): Promise<number | undefined> {
  const path = runPaths(folder).metrics;
  return withStorageErrors('read the metrics', path, async () => {
    const opened = await openPlainWithStats(path).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (opened === undefined) return undefined;
    try {
      return await lastIterationOf(opened);
    } finally {
      await opened.file.close();
    }
  });
}

async function lastIterationOf({ file, stats: { size } }: OpenedFile): Promise<number | undefined> {
  const { near, far } = tailBytes;
  if (size > near) {
    const tail = await readUpTo(file, near, size - near);
    const iteration = lastIterationIn(tail.subarray(tail.indexOf(lineEnd) + 1));
    if (iteration !== undefined) return iteration;
  }
  return lastIterationIn(await readUpTo(file, Math.min(size, far), Math.max(0, size - far)));
}

const lineEnd = 10;

/** The iteration of the last line that is whole and undamaged. */
function lastIterationIn(tail: Buffer): number | undefined {
  let end = tail.lastIndexOf(lineEnd);
  while (end >= 0) {
    const start = end === 0 ? 0 : tail.lastIndexOf(lineEnd, end - 1) + 1;
    const event = decodeMetric(tail.toString('utf8', start, end));
    if (event !== undefined) return event.iteration;
    end = start - 1;
  }
  return undefined;
}
