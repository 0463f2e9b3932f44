import { plainModel } from '../../src/shared/domain/model-spec.ts';
import { createHash } from 'node:crypto';
import type { TensorData } from '../../src/engine/backends/backend.ts';
import type { Sha256 } from '../../src/engine/checkpoints/codec.ts';
import type { Checkpoint, CheckpointMetadata } from '../../src/engine/checkpoints/content.ts';
import { elementCount, parameterShapes, stateShapes } from '../../src/shared/domain/model-tensors.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';

/** A small model, so that tests are quick. */
export const smallSettings: RunSettings = {
  ...defaultRunSettings,
  name: 'tiny',
  rnnSize: 3,
  numLayers: 2,
  batchSize: 2,
  sequenceLength: 4,
};

export function checkpointMetadata(changes: Partial<CheckpointMetadata> = {}): CheckpointMetadata {
  const settings = changes.settings ?? smallSettings;
  const vocabulary = ['\n', 'a', 'é', '😀'];
  return {
    formatVersion: 2,
    writtenBy: '0.1.0',
    spec: {
      model: settings.model,
      vocabularySize: vocabulary.length,
      rnnSize: settings.rnnSize,
      numLayers: settings.numLayers,
      ...plainModel,
      dropout: settings.dropout,
    },
    symbols: settings.symbols,
    vocabulary,
    settings,
    text: { sha256: 'ab'.repeat(32), bytes: 100, encoding: 'utf-8', characters: 90 },
    iteration: 30,
    iterationsPerEpoch: 20,
    epoch: 1.5,
    learningRate: 0.002,
    firstLoss: 1.4,
    trainLoss: 0.9,
    validationLoss: 1.1,
    weights: 'trained',
    improvement: { lowestLoss: 1.1, evaluationsSince: 0, countedAt: 30 },
    recoveries: 0,
    initializedFrom: null,
    variant: 'test',
    ...changes,
  };
}

/** A checkpoint with every tensor that its metadata promises, each number different. */
export function makeCheckpoint(changes: Partial<CheckpointMetadata> = {}): Checkpoint {
  const metadata = checkpointMetadata(changes);
  const parameters = parameterShapes(metadata.spec);
  const memory = parameters.map(({ name, shape }) => ({ name: `optimizer.m.${name}`, shape }));
  let next = 0;
  const tensors = [...parameters, ...memory, ...stateShapes(metadata.spec, metadata.settings.batchSize)].map(
    ({ name, shape }): [string, TensorData] => [
      name,
      { shape, data: Float32Array.from({ length: elementCount(shape) }, () => Math.fround(++next / 7)) },
    ],
  );
  return { metadata, tensors: new Map(tensors) };
}

export const sha256: Sha256 = (pieces) => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};
