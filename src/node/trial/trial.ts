import type { Batch, TrainingNetwork } from '../../engine/backends/backend.ts';
import { modelSpecOf } from '../../engine/training/network-options.ts';
import { StepQueue } from '../../engine/training/step-queue.ts';
import { mix32 } from '../../engine/random/hash.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';
import { noRecords } from '../../shared/domain/record-separator.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { ClipKind } from '../../shared/domain/training-choices.ts';

/** What a trial measures: the network that is about to be trained, with everything that decides how long a step takes and nothing else. */
export interface TrialShape {
  readonly spec: ModelSpec;
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly optimizer: OptimizerKind;
  readonly clipBy: ClipKind;
  readonly weightDecay: boolean;
  readonly weightDrop: boolean;
  readonly averaging: boolean;
  readonly records: boolean;
  /** Undefined takes each backend's own default. */
  readonly threads?: number;
}

/** What a trial measures for a run with these settings. */
export function trialShapeOf(settings: RunSettings, vocabularySize: number): TrialShape {
  const { batchSize, sequenceLength, optimizer, clipBy } = settings;
  return {
    spec: modelSpecOf(settings, vocabularySize),
    ...{ batchSize, sequenceLength, optimizer, clipBy },
    weightDecay: settings.weightDecay > 0,
    weightDrop: settings.weightDrop > 0,
    averaging: settings.averageDecay > 0,
    records: settings.records !== noRecords,
  };
}

/** Steps that are not counted: caches fill, graphs are prepared, cards wake up. */
const warmUpSteps = 2;
/** A trial ends after this many counted steps, if they took this many milliseconds together: a card needs a while to reach its full clock rate. */
const enoughSteps = 9;
const enoughMs = 200;
/** It ends after this many milliseconds of counted steps, however few they are. */
const searchTimeoutMs = 3000;

/**
 * Trains a few steps on random symbols, with as many in flight as in training.
 * @returns the duration of a step in milliseconds: the median, or the mean if several are in flight, because those finish in groups
 */
export async function measureStep(network: TrainingNetwork, batch: Batch): Promise<number> {
  const queue = new StepQueue(network);
  const durations: number[] = [];
  let total = 0;
  try {
    for (let iteration = 1; total < searchTimeoutMs; iteration++) {
      queue.begin(batch, { iteration, learningRate: 0.002, averageWeight: 0.1 });
      if (!queue.isFull) continue;
      const finished = await queue.next();
      if (finished.iteration <= warmUpSteps) continue;
      durations.push(finished.milliseconds);
      total += finished.milliseconds;
      if (durations.length >= enoughSteps && total >= enoughMs) break;
    }
  } finally {
    await queue.discard();
  }
  if (network.stepsInFlight > 1) return total / durations.length;
  return durations.sort((a, b) => a - b)[durations.length >> 1] ?? Number.NaN;
}

/** A batch of random symbols. */
export function trialBatch({
  spec,
  batchSize,
  sequenceLength,
}: Pick<TrialShape, 'spec' | 'batchSize' | 'sequenceLength'>): Batch {
  const symbols = (first: number): Int32Array =>
    Int32Array.from(
      { length: batchSize * sequenceLength },
      (_, index) => mix32(first + index) % spec.vocabularySize,
    );
  return { x: symbols(0), y: symbols(1) };
}
