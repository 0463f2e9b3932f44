import { networkOptionsOf } from '../../src/engine/training/network-options.ts';
import type { Backend, TensorData, TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import { planChunks } from '../../src/shared/planning/plan.ts';
import type { SymbolArray } from '../../src/engine/dataset/corpus.ts';
import { elementCount, parameterShapes } from '../../src/shared/domain/model-tensors.ts';
import { mix32 } from '../../src/engine/random/hash.ts';
import type { TrainingJob } from '../../src/engine/training/training-hooks.ts';
import { beginning } from '../../src/node/session/session.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';

/** Six symbols with a pattern that can be learned and some noise that cannot. */
export function tinySymbols(length = 1000): SymbolArray {
  return Uint8Array.from({ length }, (_, i) => (mix32(i) % 4 === 0 ? mix32(i + 1) % 6 : (i * 5) % 6));
}

export const tinySpec: ModelSpec = {
  model: 'lstm',
  vocabularySize: 6,
  rnnSize: 8,
  numLayers: 2,
  ...plainModel,
  dropout: 0.2,
};

/** A run of a few milliseconds: 20 training chunks and 5 for validation, evaluated every 10 iterations, 40 iterations. */
export const tinySettings: RunSettings = {
  ...defaultRunSettings,
  batchSize: 4,
  sequenceLength: 10,
  trainFraction: 0.8,
  validationFraction: 0.2,
  rnnSize: tinySpec.rnnSize,
  numLayers: tinySpec.numLayers,
  dropout: tinySpec.dropout,
  learningRate: 0.01,
  evaluateEvery: 10,
  maxEpochs: 2,
};

/** Values in +-0.08, different for every tensor. */
function drawn(shape: readonly number[], salt: number): TensorData {
  const uniform = (_: unknown, i: number): number => (mix32(mix32(salt + 1) + i) / 2 ** 32 - 0.5) * 0.16;
  return { shape, data: Float32Array.from({ length: elementCount(shape) }, uniform) };
}

/** Parameters as a run would draw them. */
export function tinyParameters(): TensorMap {
  return new Map(parameterShapes(tinySpec).map(({ name, shape }, index) => [name, drawn(shape, index)]));
}

/** A network of the tiny run's shape with parameters as a run would draw them. */
export async function tinyNetwork(
  backend: Backend,
  settings: RunSettings = tinySettings,
): Promise<TrainingNetwork> {
  const network = await backend.createNetwork(tinySpec, networkOptionsOf(settings));
  await network.importTensors(tinyParameters());
  return network;
}

/** Everything that the training loop needs, from the beginning. */
export function tinyJob(network: TrainingNetwork, settings: RunSettings = tinySettings): TrainingJob {
  const symbols = tinySymbols();
  const plan = planChunks({ ...settings, characters: symbols.length });
  return { settings, plan, symbols, network, start: beginning(settings) };
}
