import type { Checkpoint, CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import { isSameModel } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';
import { checkpointPaths, readCheckpoint, readCheckpointHeader } from '../files/checkpoint-files.ts';
import { comparePositions, type RunPosition } from '../files/moments.ts';
import type { RunPaths } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { KeptCheckpoint } from './session-types.ts';
import { rollbackTargets } from './rollback.ts';

/** A save of a run as its header describes it. */
export interface Snapshot {
  readonly path: string;
  readonly metadata: CheckpointMetadata;
}

export interface SnapshotsFound {
  /** Latest first. */
  readonly saves: readonly Snapshot[];
  /** One sentence for each file that cannot be used. */
  readonly problems: readonly string[];
}

/**
 * Every save of a run: its checkpoints, and the resume point if it is in `paths`.
 * @throws CharloomError('incompatible') if a newer Charloom wrote one of them: resuming from an earlier one would lose its progress
 */
export async function findSnapshots(paths: RunPaths, record: RunRecord): Promise<SnapshotsFound> {
  const saves: Snapshot[] = [];
  const problems: string[] = [];
  for (const path of [...(await checkpointPaths(paths.checkpoints)), paths.resumePoint]) {
    try {
      const { metadata } = await readCheckpointHeader(path);
      if (belongsTo(metadata, record)) saves.push({ path, metadata });
      else problems.push(`${path} is a checkpoint of another run and was not changed.`);
    } catch (error) {
      if (!(error instanceof CharloomError) || error.code === 'incompatible') throw error;
      if (error.code !== 'not-found') problems.push(error.message);
    }
  }
  return { saves: saves.toSorted((a, b) => comparePositions(b.metadata, a.metadata)), problems };
}

/** False for a checkpoint of another run: a user may have copied one into the folder. */
export function belongsTo(
  { text, spec, settings }: Pick<CheckpointMetadata, 'text' | 'spec' | 'settings'>,
  record: RunRecord,
): boolean {
  return (
    text.sha256 === record.text.fingerprint.sha256 &&
    isSameModel(spec, record.spec) &&
    settings.seed === record.settings.seed &&
    settings.batchSize === record.settings.batchSize &&
    settings.sequenceLength === record.settings.sequenceLength
  );
}

/** Whether a run can recover from here: it must have learned something, otherwise no smaller learning rate will keep the next loss within bounds. */
function hasLearned({ metadata: { validationLoss, firstLoss } }: Snapshot): boolean {
  return validationLoss !== null && validationLoss <= (firstLoss ?? Infinity);
}

/** Whether a run can resume from here: not if its loss was not a number. */
function isHealthy({ metadata }: Snapshot): boolean {
  return metadata.iteration === 0 || metadata.trainLoss !== null;
}

/** Reads the first undamaged one; problems with the others are passed to `onProblem`. */
async function readFirst(
  saves: readonly Snapshot[],
  onProblem: (message: string) => void,
): Promise<Checkpoint | undefined> {
  for (const { path } of saves) {
    try {
      const checkpoint = await readCheckpoint(path);
      if ([...checkpoint.tensors.keys()].some((name) => name.startsWith('optimizer.'))) return checkpoint;
    } catch (error) {
      if (!(error instanceof CharloomError)) throw error;
      onProblem(error.message);
    }
  }
  return undefined;
}

/** The save that a run resumes from: the latest complete one. Undefined if there is none and the run starts again. */
export async function readLatest(
  { saves }: SnapshotsFound,
  onProblem: (message: string) => void,
): Promise<Checkpoint | undefined> {
  return readFirst(saves.filter(isHealthy), onProblem);
}

/**
 * The save that a run goes back to after an explosion at `moment`: its last good scheduled checkpoint. Which one that is must not depend on when the
 * run was stopped, killed or asked for a checkpoint, or resuming would not be exact; so only iterations at which every run with these settings saves
 * one count.
 */
export async function readRollbackTarget(
  { saves }: SnapshotsFound,
  record: RunRecord,
  moment: RunPosition,
  onProblem: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const good = saves.filter(
    (save) =>
      isHealthy(save) &&
      hasLearned(save) &&
      save.metadata.iteration > 0 &&
      save.metadata.iteration % record.settings.evaluateEvery === 0,
  );
  return readFirst(rollbackTargets(good, moment), onProblem);
}

/** The checkpoint with the lowest validation loss, the earlier of two equals. */
export function bestSnapshot({ saves }: SnapshotsFound): KeptCheckpoint | null {
  let best: KeptCheckpoint | null = null;
  for (const { path, metadata } of saves) {
    const { validationLoss } = metadata;
    if (validationLoss === null || (best !== null && best.validationLoss < validationLoss)) continue;
    best = { path, validationLoss };
  }
  return best;
}
