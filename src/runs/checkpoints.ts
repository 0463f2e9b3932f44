import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkpointPaths, readCheckpointHead } from '../node/files/checkpoint-files.ts';
import { readRunRecord, runPaths } from '../node/files/run-folder.ts';
import type { RunRecord } from '../node/files/run-record.ts';
import { storageError, systemCode } from '../node/files/storage-error.ts';
import { belongsTo } from '../node/session/snapshots.ts';
import { concurrently } from '../shared/concurrently.ts';
import type { WeightKind } from '../shared/domain/training-choices.ts';
import { CharloomError } from '../shared/errors.ts';

/** A checkpoint as its header describes it. */
export interface CheckpointSummary {
  readonly path: string;
  /** The file's name. */
  readonly name: string;
  readonly bytes: number;
  readonly iteration: number;
  readonly epoch: number;
  /** Nats per symbol; null where it was not a number. */
  readonly validationLoss: number | null;
  /** Loss of the last training batch before it. */
  readonly trainLoss: number | null;
  /** The learning rate that the next step would use. */
  readonly learningRate: number;
  /** The weights that its loss belongs to and that it is used with. */
  readonly weights: WeightKind;
  /** How many times the run had been rolled back after an explosion. */
  readonly recoveries: number;
}

/** A file of which only a problem can be listed. */
export interface FileProblem {
  readonly path: string;
  /** One sentence. */
  readonly problem: string;
}

export interface CheckpointList {
  /** Best first: by validation loss, the earlier of equals first; without a loss last. */
  readonly checkpoints: readonly CheckpointSummary[];
  /** Damaged files, and copied checkpoints of other runs. */
  readonly problems: readonly FileProblem[];
}

/** Number of files of a run that are read in parallel. */
const filesAtOnce = 8;

/**
 * A run's checkpoints. Only headers are read, so listing hundreds is fast; damage in a file's numbers is found when it is used. A folder that cannot
 * be listed is reported as a problem.
 */
export async function listCheckpoints(runFolder: string): Promise<CheckpointList> {
  // A run whose run.json is damaged still has its checkpoints.
  const record = await readRunRecord(runFolder).catch((error: unknown) => {
    if (error instanceof CharloomError) return undefined;
    throw error;
  });
  return listCheckpointsOf(runFolder, record);
}

/**
 * The checkpoints of a run whose record has been read.
 * @param record undefined if it cannot be read: then all checkpoints in the folder count as the run's
 */
export async function listCheckpointsOf(
  runFolder: string,
  record: RunRecord | undefined,
): Promise<CheckpointList> {
  const checkpoints: CheckpointSummary[] = [];
  const problems: FileProblem[] = [];
  const paths = await pathsOf(runPaths(runFolder).checkpoints, problems);
  for (const read of await concurrently(paths, filesAtOnce, (path) => summarize(path, record))) {
    if ('problem' in read) problems.push(read);
    else checkpoints.push(read);
  }
  return { checkpoints: checkpoints.toSorted(compareCheckpoints), problems };
}

async function pathsOf(folder: string, problems: FileProblem[]): Promise<readonly string[]> {
  try {
    return await checkpointPaths(folder);
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    problems.push({ path: folder, problem: error.message });
    return [];
  }
}

/** The checkpoint with the lowest validation loss; undefined when none was measured. */
export function bestCheckpoint({ checkpoints }: CheckpointList): CheckpointSummary | undefined {
  const [first] = checkpoints;
  return first?.validationLoss === null ? undefined : first;
}

/** The validation losses of checkpoints in the order of training; those that were not measured are left out. */
export function lossesInOrder({ checkpoints }: CheckpointList): readonly number[] {
  return checkpoints
    .toSorted((a, b) => a.recoveries - b.recoveries || a.iteration - b.iteration)
    .map(({ validationLoss }) => validationLoss)
    .filter((loss) => loss !== null);
}

async function summarize(
  path: string,
  record: RunRecord | undefined,
): Promise<CheckpointSummary | FileProblem> {
  try {
    const { owner, summary } = await readHeader(path);
    if (record !== undefined && !belongsTo(owner, record)) {
      return { path, problem: `${basename(path)} is a checkpoint of another run.` };
    }
    return summary;
  } catch (error) {
    const told = storageError(error, 'read the checkpoint', path);
    if (!(told instanceof CharloomError)) throw told;
    // Deleted since the folder was listed, or a dangling link.
    const isGone = told.code === 'not-found' || systemCode(error) === 'ENOENT';
    return { path, problem: isGone ? `${basename(path)} no longer exists.` : told.message };
  }
}

interface KnownHeader {
  readonly key: string;
  /** Identifies the run of a checkpoint. */
  readonly owner: Parameters<typeof belongsTo>[0];
  readonly summary: CheckpointSummary;
}

/** Headers that have been read: a checkpoint file is never changed, and lists of a run that trains are requested again and again. */
const known = new Map<string, KnownHeader>();
const maxKnown = 20_000;

async function readHeader(path: string): Promise<KnownHeader> {
  const before = known.get(path);
  if (before !== undefined && before.key === keyOf(await stat(path))) return before;
  const {
    header: { metadata },
    stats,
  } = await readCheckpointHead(path);
  const { size: bytes } = stats;
  const { iteration, epoch, validationLoss, trainLoss, learningRate, recoveries, weights } = metadata;
  const { text, spec, settings } = metadata;
  const progress = { iteration, epoch, validationLoss, trainLoss, learningRate, recoveries, weights };
  const header = {
    key: keyOf(stats),
    owner: { text, spec, settings },
    summary: { path, name: basename(path), bytes, ...progress },
  };
  if (known.size >= maxKnown) known.clear();
  known.set(path, header);
  return header;
}

function keyOf({ size, mtimeMs, ino }: Stats): string {
  return `${size}/${mtimeMs}/${ino}`;
}

function compareCheckpoints(a: CheckpointSummary, b: CheckpointSummary): number {
  const left = a.validationLoss ?? Infinity;
  const right = b.validationLoss ?? Infinity;
  if (left !== right) return left < right ? -1 : 1;
  return a.recoveries - b.recoveries || a.iteration - b.iteration;
}
