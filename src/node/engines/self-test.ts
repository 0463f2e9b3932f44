import type { Backend, NetworkOptions } from '../../engine/backends/backend.ts';
import { plainTraining } from '../../engine/training/network-options.ts';
import { drawnBatch, drawnTensors } from '../../engine/verification/drawn-data.ts';
import { plainModel, type ModelSpec } from '../../shared/domain/model-spec.ts';
import { parameterShapes } from '../../shared/domain/model-tensors.ts';
import { loadWasmBackend } from '../wasm/backend.ts';

/** The model that a new engine is tested with. */
export const triedModel: ModelSpec = {
  model: 'lstm',
  vocabularySize: 11,
  rnnSize: 24,
  numLayers: 2,
  ...plainModel,
  dropout: 0.25,
};
const options: NetworkOptions = { batchSize: 4, sequenceLength: 6, ...plainTraining, dropoutSeed: 7 };
const steps = 4;

/** Trains a small model on a backend and on the embedded one: the largest relative difference of their losses. */
export async function differenceFromEmbedded(backend: Backend): Promise<number> {
  const losses = await train(backend);
  const reference = await loadWasmBackend({ threads: 1 });
  try {
    const expected = await train(reference);
    return Math.max(
      ...losses.map((loss, index) => Math.abs(loss - (expected[index] ?? NaN)) / Math.abs(loss)),
    );
  } finally {
    reference.dispose();
  }
}

async function train(backend: Backend): Promise<readonly number[]> {
  const network = await backend.createNetwork(triedModel, options);
  try {
    // Spread widely enough that every part of the model has an effect.
    await network.importTensors(drawnTensors(parameterShapes(triedModel), 0.5));
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const batch = drawnBatch(triedModel, options, step);
      losses.push((await network.trainStep(batch, { iteration: step + 1, learningRate: 0.01 })).loss);
    }
    return losses;
  } finally {
    network.dispose();
  }
}
