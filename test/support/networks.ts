import { plainTraining } from '../../src/engine/training/network-options.ts';
import type { Batch, NetworkOptions, TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import { elementCount, parameterShapes, stateShapes } from '../../src/shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import type { Values } from './reference-network.ts';

/** A small seeded generator for test data, numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Options with char-rnn's constants. */
export function networkOptions(
  batchSize: number,
  sequenceLength: number,
  others: Partial<NetworkOptions> = {},
): NetworkOptions {
  return {
    batchSize,
    sequenceLength,
    ...plainTraining,
    dropoutSeed: 77,
    ...others,
  };
}

/** Parameters and a state with values that exercise the gates: uniform in [-scale, scale]. */
export function randomTensors(
  spec: ModelSpec,
  batchSize: number,
  random: () => number,
  scale = 0.5,
): TensorMap {
  return new Map(
    [...parameterShapes(spec), ...stateShapes(spec, batchSize)].map(({ name, shape }) => [
      name,
      { shape, data: Float32Array.from({ length: elementCount(shape) }, () => (random() * 2 - 1) * scale) },
    ]),
  );
}

/** A batch of random symbols. */
export function randomBatch(
  spec: ModelSpec,
  { batchSize, sequenceLength, records }: NetworkOptions,
  random: () => number,
): Batch {
  const symbols = (): Int32Array =>
    Int32Array.from({ length: batchSize * sequenceLength }, () => Math.floor(random() * spec.vocabularySize));
  const batch = { x: symbols(), y: symbols() };
  if (!records) return batch;
  // Frequent enough that several start in a chunk, some adjacent, some at its edges.
  return {
    ...batch,
    starts: Uint8Array.from({ length: batchSize * sequenceLength }, () => Number(random() < 0.3)),
  };
}

/** The same tensors as float64, for the reference. */
export function asValues(tensors: TensorMap): Values {
  return new Map([...tensors].map(([name, { data }]) => [name, Float64Array.from(data)]));
}

/** Trains `steps` steps on fresh random batches; the losses. */
export async function trainSteps(
  network: TrainingNetwork,
  random: () => number,
  steps: number,
  first = 1,
): Promise<number[]> {
  const losses: number[] = [];
  for (let iteration = first; iteration < first + steps; iteration++) {
    const batch = randomBatch(network.spec, network.options, random);
    losses.push((await network.trainStep(batch, { iteration, learningRate: 0.002 })).loss);
  }
  return losses;
}

/** The bits of every tensor, so that equality means bit equality (NaN and -0 included). */
export function bits(tensors: TensorMap): Record<string, number[]> {
  return Object.fromEntries(
    [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.slice().buffer)]]),
  );
}
