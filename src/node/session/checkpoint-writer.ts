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
import type { KeptCheckpoint } from './session-types.ts';

/** Writes what a run keeps of itself: checkpoints, resume points, and how it stands. */
export class CheckpointWriter {
  readonly #folder: RunFolder;
  readonly #network: TrainingNetwork;
  readonly #vocabulary: readonly string[];
  #record: RunRecord;
  #best: KeptCheckpoint | null;

  constructor(
    folder: RunFolder,
    record: RunRecord,
    network: TrainingNetwork,
    vocabulary: readonly string[],
    best: KeptCheckpoint | null,
  ) {
    this.#folder = folder;
    this.#record = record;
    this.#network = network;
    this.#vocabulary = vocabulary;
    this.#best = best;
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
    await this.#folder.checkHeld();
    const { validationLoss, epoch, iteration } = evaluation;
    const checkpoint = await this.#compose(progress, evaluation);
    const path = await writeNamedCheckpoint(this.#folder.paths.checkpoints, checkpoint);
    const isLower = validationLoss !== null && validationLoss < (this.#best?.validationLoss ?? Infinity);
    const best = this.#best === null || isLower;
    if (isLower) this.#best = { path, validationLoss };
    // A run that waits can keep a checkpoint too, and waits on.
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
    await this.#folder.checkHeld();
    await writeCheckpoint(this.#folder.paths.resumePoint, await this.#compose(progress, undefined));
  }

  /** Brings `run.json` up to date. */
  async state(state: RecordedState, iteration: number, reason: string | null = null): Promise<void> {
    const updated = new Date().toISOString();
    this.#record = { ...this.#record, writtenBy: charloomVersion, state, reason, iteration, updated };
    await this.#folder.writeRecord(this.#record);
  }

  /** The network as it is; a resume point has no evaluation. */
  async #compose(progress: TrainingProgress, evaluation: EvaluationEvent | undefined): Promise<Checkpoint> {
    const { settings, spec, text, iterationsPerEpoch, initializedFrom, backend } = this.#record;
    const { iteration, learningRate, firstLoss, trainLoss, recoveries } = progress;
    const { lowestLoss, evaluationsSinceLowest } = progress;
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
        lowestLoss,
        evaluationsSinceLowest,
        recoveries,
        initializedFrom,
        variant: backend.variant,
      },
      tensors: await this.#network.exportTensors(),
    };
  }
}
