import { rm } from 'node:fs/promises';
import type { TensorMap, TrainingNetwork } from '../../engine/backends/backend.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import type { TrainingProgress } from '../../engine/training/training-hooks.ts';
import { train } from '../../engine/training/loop.ts';
import type { CheckpointEvent } from '../../shared/domain/run-event.ts';
import type { TrainingEnd } from '../../shared/domain/run-end.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { assertNever } from '../../shared/errors.ts';
import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { MetricsLog } from '../files/metrics-log.ts';
import { comparePositions, type RunPosition } from '../files/moments.ts';
import type { RunFolder, RunPaths } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { TextFile } from '../texts/text-file.ts';
import type { SessionHooks, SessionOutcome } from './session-types.ts';
import type { RunController } from './controller.ts';
import { RunRecorder } from './recorder.ts';
import { keepBaselines } from './keep-baselines.ts';
import { bestSnapshot, findSnapshots, readRollbackTarget, type SnapshotsFound } from './snapshots.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { tell } from './tell.ts';
import { parametersIn, usedParameters } from './initial-model.ts';
import { SampleWriter } from './sample-writer.ts';

const defaultResumePointIntervalMs = 60_000;

/** Everything a run needs to train, ready. */
export interface PreparedSession {
  /** Held by this process. */
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly text: TextFile;
  readonly plan: ChunkPlan;
  /** Holds the tensors that belong to `start`. */
  readonly network: TrainingNetwork;
  readonly start: TrainingProgress;
  readonly isResumed: boolean;
  readonly resumePointIntervalMs: number | undefined;
  readonly samples: SampleSettings | undefined;
}

/** Where every run begins. */
export function beginning(settings: RunSettings): TrainingProgress {
  return {
    iteration: 0,
    learningRate: settings.learningRate,
    firstLoss: null,
    trainLoss: null,
    recoveries: 0,
    lowestLoss: null,
    evaluationsSinceLowest: 0,
  };
}

/** Where a run was when a checkpoint was written. */
export function progressOf({ metadata }: Checkpoint): TrainingProgress {
  const { iteration, learningRate, firstLoss, trainLoss, recoveries } = metadata;
  const { lowestLoss, evaluationsSinceLowest } = metadata;
  return { iteration, learningRate, firstLoss, trainLoss, recoveries, lowestLoss, evaluationsSinceLowest };
}

/** The parameters that a run begins with: drawn from its seed, or kept in its folder when they came from a checkpoint. */
export async function startingParameters(folder: RunFolder, record: RunRecord): Promise<TensorMap> {
  if (record.initializedFrom === null) return initialParameters(record.spec, record.settings.seed);
  return usedParameters(await readCheckpoint(folder.paths.initial));
}

/** Trains a prepared run to its end or to the next stop. */
export async function runSession(
  session: PreparedSession,
  hooks: SessionHooks,
  controller: RunController,
): Promise<SessionOutcome> {
  const { folder, record, network, start, plan, text } = session;
  const found = await findSnapshots(folder.paths, record);
  const vocabulary = vocabularySymbols(text.corpus.vocabulary);
  const writer = new CheckpointWriter(folder, record, network, vocabulary, bestSnapshot(found));
  const samples = sampleWriterOf(session);
  const isMeasured = start.iteration === 0 || isKept(found, start, folder.paths);
  const metrics = await MetricsLog.open(folder.paths.metrics, { ...start, isMeasured });
  const recorder = new RunRecorder({
    folder,
    writer,
    metrics,
    hooks,
    controller,
    start,
    resumePointIntervalMs: session.resumePointIntervalMs ?? defaultResumePointIntervalMs,
    restore: (moment) => restore(session, moment, hooks),
    afterCheckpoint: (saved) => keepSample(network, samples, saved, hooks),
  });
  try {
    await writer.state('running', start.iteration);
    await announce(session, hooks);
    await keepBaselines(text.corpus, plan, folder.paths.baselines, controller.signal);
    const job = {
      settings: record.settings,
      plan,
      symbols: text.corpus.symbols,
      network,
      start,
      isStartUnmeasured: !isMeasured,
    };
    const { end, progress, isEarly = false } = await train(job, recorder);
    await metrics.sync();
    if (end === 'suspended' && !recorder.holds(progress)) await writer.resumePoint(progress);
    const early = isEarly ? earlyReason(progress.evaluationsSinceLowest) : null;
    await conclude(end, early, progress.iteration, writer, folder);
    await tell(folder, hooks, {
      ...({ kind: 'state', state: end, iteration: progress.iteration } as const),
      ...(early === null ? {} : { reason: early }),
    });
    return { folder: folder.path, end, iteration: progress.iteration, best: writer.best };
  } catch (error) {
    await recordFailure(error, recorder.moment.iteration, writer, folder, hooks);
    throw error;
  } finally {
    samples?.dispose();
    await metrics.close();
  }
}

/** Whether a checkpoint was kept of a moment; the resume point is none. */
function isKept({ saves }: SnapshotsFound, moment: RunPosition, { resumePoint }: RunPaths): boolean {
  return saves.some(({ path, metadata }) => path !== resumePoint && comparePositions(metadata, moment) === 0);
}

async function announce(session: PreparedSession, hooks: SessionHooks): Promise<void> {
  const { folder, record, network, start, isResumed, plan, text } = session;
  const { backend, iterations } = record;
  const { iteration } = start;
  hooks.onStart?.({
    folder: folder.path,
    isResumed,
    iteration,
    record,
    plan,
    encoding: text.encoding,
    parameters: parameterCount(record.spec),
    memoryBytes: network.memoryBytes,
  });
  const { device } = backend;
  const begun = { isResumed, text: text.path, iterations, device };
  await tell(folder, hooks, { kind: 'state', state: 'running', iteration, session: begun });
  const { rateChange } = record;
  if (rateChange === null || comparePositions(start, rateChange) !== 0) return;
  const line = `the learning rate was changed to ${rateChange.learningRate} at iteration ${formatCount(iteration)}`;
  await tell(folder, hooks, { kind: 'log', line });
}

function sampleWriterOf({ folder, record, text, samples }: PreparedSession): SampleWriter | undefined {
  if (samples === undefined || samples.length === 0) return undefined;
  const { vocabulary } = text.corpus;
  return new SampleWriter({ spec: record.spec, vocabulary, settings: samples, path: folder.paths.samples });
}

async function keepSample(
  network: TrainingNetwork,
  samples: SampleWriter | undefined,
  saved: CheckpointEvent,
  hooks: SessionHooks,
): Promise<void> {
  if (samples === undefined) return;
  const tensors = await network.exportTensors();
  const sample = await samples.write(parametersIn(tensors, saved.weights ?? 'trained'), saved);
  hooks.onSample?.(sample);
}

/** Goes back to the last good scheduled checkpoint before a moment, or to the beginning. */
async function restore(
  { folder, record, network }: PreparedSession,
  moment: RunPosition,
  hooks: SessionHooks,
): Promise<TrainingProgress> {
  const found = await findSnapshots(folder.paths, record);
  const target = await readRollbackTarget(found, record, moment, (problem) => hooks.onNotice?.(problem));
  await network.importTensors(target?.tensors ?? (await startingParameters(folder, record)));
  return target === undefined ? beginning(record.settings) : progressOf(target);
}

/** Why a run has finished before its last iteration. */
function earlyReason(evaluations: number): string {
  return `The validation loss had not improved for ${formatQuantity(evaluations, 'measurement')}.`;
}

async function conclude(
  end: TrainingEnd,
  early: string | null,
  iteration: number,
  writer: CheckpointWriter,
  folder: RunFolder,
): Promise<void> {
  switch (end) {
    case 'finished':
      await writer.state('finished', iteration, early);
      // The last checkpoint holds the same and more.
      await rm(folder.paths.resumePoint, { force: true });
      break;
    case 'suspended':
    case 'stopped':
      await writer.state('stopped', iteration);
      break;
    case 'exploded':
      await writer.state('exploded', iteration, `The loss exploded at iteration ${formatCount(iteration)}.`);
      break;
    default:
      assertNever(end);
  }
}

/** Leaves word of what ended the run, if it can: the disk may be the reason. */
async function recordFailure(
  error: unknown,
  iteration: number,
  writer: CheckpointWriter,
  folder: RunFolder,
  hooks: SessionHooks,
): Promise<void> {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 2000);
  try {
    await writer.state('failed', iteration, reason);
    await tell(folder, hooks, { kind: 'state', state: 'failed', iteration, reason });
  } catch {
    // The first error is the one to tell.
  }
}
