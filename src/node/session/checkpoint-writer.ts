import { basename } from 'node:path';
import type { TrainingNetwork } from '../../engine/backends/backend.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import type { TrainingProgress } from '../../engine/training/training-hooks.ts';
import {
  betterWeights,
  finiteOrNull,
  type CheckpointEvent,
  type CheckpointReason,
  type EvaluationEvent,
} from '../../shared/domain/run-event.ts';
import type { RecordedState } from '../../shared/domain/run-state.ts';
import { charloomVersion } from '../../shared/version.ts';
import { writeCheckpoint, writeNamedCheckpoint } from '../files/checkpoint-files.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { DiskRoom } from './disk-room.ts';
import type { KeptCheckpoint } from './session-types.ts';

export interface CheckpointWriterParts {
  readonly folder: RunFolder;
  readonly room: DiskRoom;
  readonly record: RunRecord;
  readonly network: TrainingNetwork;
  readonly vocabulary: readonly string[];
  /** The run's best checkpoint so far. */
  readonly best: KeptCheckpoint | null;
}

/** Writes a run's files: checkpoints, resume points and its record. Waits if the disk is full. */
export class CheckpointWriter {
  readonly #folder: RunFolder;
  readonly #room: DiskRoom;
  readonly #network: TrainingNetwork;
  readonly #vocabulary: readonly string[];
  #record: RunRecord;
  #best: KeptCheckpoint | null;
  /** Whether `run.json` says that the run waits for disk space. */
  #isRecordedWaiting = false;

  constructor({ folder, room, record, network, vocabulary, best }: CheckpointWriterParts) {
    this.#folder = folder;
    this.#room = room;
    this.#record = record;
    this.#network = network;
    this.#vocabulary = vocabulary;
    this.#best = best;
  }

  /** The run's record when it does not wait for disk space. */
  get recordedState(): RecordedState {
    return this.#record.state;
  }

  get best(): KeptCheckpoint | null {
    return this.#best;
  }

  /** Writes a listed checkpoint of the network as it is. */
  async checkpoint(
    progress: TrainingProgress,
    evaluation: EvaluationEvent,
    reason: CheckpointReason,
  ): Promise<CheckpointEvent> {
    const { validationLoss, epoch, iteration } = evaluation;
    const checkpoint = await this.#compose(progress, evaluation);
    const path = await this.#write(() => writeNamedCheckpoint(this.#folder.paths.checkpoints, checkpoint));
    const isLower = validationLoss !== null && validationLoss < (this.#best?.validationLoss ?? Infinity);
    const best = this.#best === null || isLower;
    if (isLower) this.#best = { path, validationLoss };
    // A waiting run can save a checkpoint too, and keeps waiting.
    await this.state(this.#record.state, progress.iteration);
    const { weights } = checkpoint.metadata;
    return {
      ...({
        kind: 'checkpoint',
        file: basename(path),
        iteration,
        epoch,
        validationLoss,
        best,
        reason,
      } as const),
      ...(weights === 'averaged' ? { weights } : {}),
    };
  }

  /** Replaces the resume point. */
  async resumePoint(progress: TrainingProgress): Promise<void> {
    const checkpoint = await this.#compose(progress, undefined);
    await this.#write(() => writeCheckpoint(this.#folder.paths.resumePoint, checkpoint));
  }

  /** Another process may have taken over the run while it waited. */
  async #write<T>(work: () => Promise<T>): Promise<T> {
    return this.#room.write(async () => {
      await this.#folder.checkHeld();
      return work();
    });
  }

  /** Updates `run.json`. */
  async state(state: RecordedState, iteration: number, reason: string | null = null): Promise<void> {
    await this.#room.write(() => this.stateAtOnce(state, iteration, reason));
  }

  /**
   * The same without waiting for room.
   * @throws FullDiskError
   */
  async stateAtOnce(state: RecordedState, iteration: number, reason: string | null): Promise<void> {
    this.#record = { ...this.#record, state, reason, iteration };
    await this.#writeRecord(this.#record);
  }

  /**
   * Records in `run.json` that the run waits for disk space, and why; null removes that.
   * @throws FullDiskError
   */
  async waiting(reason: string | null): Promise<void> {
    if (reason === null && !this.#isRecordedWaiting) return;
    await this.#writeRecord(reason === null ? this.#record : { ...this.#record, state: 'paused', reason });
    this.#isRecordedWaiting = reason !== null;
  }

  async #writeRecord(record: RunRecord): Promise<void> {
    const updated = new Date().toISOString();
    await this.#folder.writeRecord({ ...record, writtenBy: charloomVersion, updated });
    this.#isRecordedWaiting = false;
  }

  /** The network as it is; a resume point has no evaluation. */
  async #compose(progress: TrainingProgress, evaluation: EvaluationEvent | undefined): Promise<Checkpoint> {
    const { settings, spec, text, iterationsPerEpoch, initializedFrom, backend } = this.#record;
    const { iteration, learningRate, firstLoss, trainLoss, recoveries, improvement } = progress;
    const { validationLoss = null, trainedLoss, averagedLoss } = evaluation ?? {};
    return {
      metadata: {
        formatVersion: 2,
        writtenBy: charloomVersion,
        spec,
        symbols: settings.symbols,
        vocabulary: [...this.#vocabulary],
        settings,
        text: text.fingerprint,
        iteration,
        iterationsPerEpoch,
        epoch: iteration / iterationsPerEpoch,
        learningRate,
        firstLoss: firstLoss === null ? null : finiteOrNull(firstLoss),
        trainLoss: trainLoss === null ? null : finiteOrNull(trainLoss),
        validationLoss,
        weights: betterWeights({ trainedLoss, averagedLoss }),
        ...(trainedLoss === undefined ? {} : { trainedLoss }),
        ...(averagedLoss === undefined ? {} : { averagedLoss }),
        improvement,
        recoveries,
        initializedFrom,
        variant: backend.variant,
      },
      tensors: await this.#network.exportTensors(),
    };
  }
}
