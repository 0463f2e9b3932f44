import type { Backend, Batch, TrainingNetwork } from '../../engine/backends/backend.ts';
import { modelSpecOf, plainTraining } from '../../engine/training/network-options.ts';
import { StepQueue } from '../../engine/training/step-queue.ts';
import { mix32 } from '../../engine/random/hash.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';
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
  };
}

/** Any value of a setting that a step takes equally long for, whatever it is. */
const someShare = 0.1;

/** Steps that do not count: caches fill, graphs are prepared, cards wake up. */
const warmUpSteps = 2;
const maxSteps = 9;
/** A trial ends after this many milliseconds of counted steps, however few they are. */
const searchTimeoutMs = 3000;

/** Trains a few steps on random symbols, as many at once as in training; the median duration of a step in milliseconds. */
export async function measureStep(backend: Backend, shape: TrialShape): Promise<number> {
  const { spec, batchSize, sequenceLength, optimizer, averaging } = shape;
  const network = await backend.createNetwork(spec, {
    ...{ batchSize, sequenceLength, averaging },
    optimizer: {
      ...plainTraining.optimizer,
      kind: optimizer,
      weightDecay: shape.weightDecay ? someShare : 0,
    },
    clip: { ...plainTraining.clip, by: shape.clipBy },
    weightDrop: shape.weightDrop ? someShare : 0,
    dropoutSeed: 1,
  });
  try {
    const durations = await timeSteps(network, trialBatch(shape));
    return durations.sort((a, b) => a - b)[durations.length >> 1] ?? Number.NaN;
  } finally {
    network.dispose();
  }
}

async function timeSteps(network: TrainingNetwork, batch: Batch): Promise<number[]> {
  const queue = new StepQueue(network);
  const durations: number[] = [];
  try {
    for (let iteration = 1; iteration <= warmUpSteps + maxSteps; iteration++) {
      queue.begin(batch, { iteration, learningRate: 0.002, averageWeight: someShare });
      if (!queue.isFull) continue;
      const finished = await queue.next();
      if (finished.iteration > warmUpSteps) durations.push(finished.milliseconds);
      if (durations.reduce((sum, duration) => sum + duration, 0) > searchTimeoutMs) break;
    }
    return durations;
  } finally {
    await queue.discard();
  }
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
