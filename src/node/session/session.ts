import type { TensorMap, TrainingNetwork } from '../../engine/backends/backend.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { findRecords } from '../../engine/dataset/records.ts';
import { vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import {
  noImprovement,
  type TrainingOutcome,
  type TrainingProgress,
} from '../../engine/training/training-hooks.ts';
import { train } from '../../engine/training/loop.ts';
import type { CheckpointEvent } from '../../shared/domain/run-event.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { recordSeparator } from '../../shared/domain/record-separator.ts';
import { formatCount } from '../../shared/format/numbers.ts';
import { vocabularySentence } from '../../shared/format/vocabulary-sentence.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { MetricsLog } from '../files/metrics-log.ts';
import { comparePositions, type RunPosition } from '../files/moments.ts';
import type { RunFolder, RunPaths } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { TextFile } from '../texts/text-file.ts';
import type { SessionHooks, SessionOutcome } from './session-types.ts';
import type { RunController } from './controller.ts';
import { RunRecorder } from './recorder.ts';
import { LeftUnsavedError, type DiskRoom } from './disk-room.ts';
import {
  conclude,
  isLoss,
  leaveUnsaved,
  recordFailure,
  recordLoss,
  waitingRun,
  type SessionParts,
} from './session-end.ts';
import { keepBaselines } from './keep-baselines.ts';
import { bestSnapshot, findSnapshots, readRollbackTarget, type SnapshotsFound } from './snapshots.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { tell } from './tell.ts';
import { parametersIn, usedParameters } from '../../engine/model/used-parameters.ts';
import { SampleWriter } from './sample-writer.ts';

const defaultResumePointIntervalMs = 60_000;

/** Everything a run needs to train, ready. */
export interface PreparedSession {
  /** Held by this process. */
  readonly folder: RunFolder;
  readonly room: DiskRoom;
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

/** The starting point of every run. */
export function beginning(settings: RunSettings): TrainingProgress {
  return {
    iteration: 0,
    learningRate: settings.learningRate,
    firstLoss: null,
    trainLoss: null,
    recoveries: 0,
    improvement: noImprovement,
  };
}

/** Where a run was when a checkpoint was written. */
export function progressOf({ metadata }: Checkpoint): TrainingProgress {
  const { iteration, learningRate, firstLoss, trainLoss, recoveries, improvement } = metadata;
  return { iteration, learningRate, firstLoss, trainLoss, recoveries, improvement };
}

/** The weights that a run starts from: drawn from its seed, or stored in its folder if they came from a checkpoint. */
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
  const { folder, room, record, network, start, text } = session;
  const found = await findSnapshots(folder.paths, record);
  const vocabulary = vocabularySymbols(text.corpus.vocabulary);
  const best = bestSnapshot(found);
  const writer = new CheckpointWriter({ folder, room, record, network, vocabulary, best });
  const samples = sampleWriterOf(session);
  const isMeasured = start.iteration === 0 || isKept(found, start, folder.paths);
  const metrics = await room.write(() =>
    MetricsLog.open(folder.paths.metrics, { ...start, isMeasured }, () => folder.checkHeld()),
  );
  const recorder = new RunRecorder({
    folder,
    room,
    writer,
    metrics,
    hooks,
    controller,
    start,
    resumePointIntervalMs: session.resumePointIntervalMs ?? defaultResumePointIntervalMs,
    restore: (moment) => restore(session, moment, hooks),
    afterCheckpoint: (saved) => keepSample(network, samples, saved, hooks),
  });
  const parts = { folder, room, hooks, controller, writer, metrics, recorder };
  room.attach(waitingRun(parts));
  try {
    await writer.state('running', start.iteration);
    await announce(session, hooks);
    return await conclude(parts, await trainPrepared(session, parts, isMeasured));
  } catch (error) {
    if (error instanceof LeftUnsavedError) return await leaveUnsaved(parts, error);
    await (isLoss(error) ? recordLoss(parts, error) : recordFailure(parts, error));
    throw error;
  } finally {
    samples?.dispose();
    await metrics.close();
  }
}

async function trainPrepared(
  { folder, room, record, text, plan, network, start }: PreparedSession,
  { recorder, controller }: SessionParts,
  isMeasured: boolean,
): Promise<TrainingOutcome> {
  await keepBaselines(text.corpus, plan, { path: folder.paths.baselines, room, signal: controller.signal });
  const job = {
    settings: record.settings,
    plan,
    symbols: text.corpus.symbols,
    starts: findRecords(text.corpus, record.settings.records)?.starts,
    network,
    start,
    isStartUnmeasured: !isMeasured,
  };
  return train(job, recorder);
}

/** Whether a checkpoint was saved at a position; the resume point does not count. */
function isKept({ saves }: SnapshotsFound, moment: RunPosition, { resumePoint }: RunPaths): boolean {
  return saves.some(({ path, metadata }) => path !== resumePoint && comparePositions(metadata, moment) === 0);
}

async function announce(session: PreparedSession, hooks: SessionHooks): Promise<void> {
  const { folder, room, record, network, start, isResumed, plan, text } = session;
  const telling = { folder, room, hooks };
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
  await tell(telling, { kind: 'state', state: 'running', iteration, session: begun });
  const { rateChange, vocabulary } = record;
  if (vocabulary !== null && !isResumed) {
    await tell(telling, { kind: 'log', line: vocabularySentence(vocabulary) });
  }
  if (rateChange === null || comparePositions(start, rateChange) !== 0) return;
  const line = `the learning rate was changed to ${rateChange.learningRate} at iteration ${formatCount(iteration)}`;
  await tell(telling, { kind: 'log', line });
}

function sampleWriterOf({ folder, room, record, text, samples }: PreparedSession): SampleWriter | undefined {
  if (samples === undefined || samples.length === 0) return undefined;
  const { vocabulary } = text.corpus;
  const path = folder.paths.samples;
  const separator = recordSeparator(record.settings.records);
  return new SampleWriter({ spec: record.spec, vocabulary, settings: samples, separator, path, room });
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
