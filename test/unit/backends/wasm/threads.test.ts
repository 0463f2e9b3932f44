import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src/engine/backends/backend.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import type { CellKind } from '../../../../src/shared/domain/cells.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import {
  bits,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
  trainSteps,
} from '../../../support/networks.ts';

const threadCounts = [1, 2, 3, 4] as const;

interface Case {
  readonly model: CellKind;
  readonly vocabularySize: number;
  readonly rnnSize: number;
  readonly numLayers: number;
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly dropout: number;
  readonly layerNorm: boolean;
  readonly residual: ModelSpec['residual'];
  readonly records?: boolean;
}

// More threads than rows; rows that do not divide; more rows than one pass of the weight gradients; a size beyond one pass of terms.
const cases: readonly Case[] = [
  {
    model: 'lstm',
    vocabularySize: 65,
    rnnSize: 40,
    numLayers: 2,
    batchSize: 50,
    sequenceLength: 20,
    ...plainModel,
  },
  {
    model: 'lstm',
    vocabularySize: 7,
    rnnSize: 5,
    numLayers: 3,
    batchSize: 2,
    sequenceLength: 9,
    ...plainModel,
    dropout: 0.5,
  },
  {
    model: 'gru',
    vocabularySize: 65,
    rnnSize: 48,
    numLayers: 2,
    batchSize: 11,
    sequenceLength: 30,
    ...plainModel,
    dropout: 0.3,
  },
  {
    model: 'rnn',
    vocabularySize: 130,
    rnnSize: 33,
    numLayers: 2,
    batchSize: 1,
    sequenceLength: 50,
    ...plainModel,
  },
  {
    model: 'lstm',
    vocabularySize: 20,
    rnnSize: 150,
    numLayers: 2,
    batchSize: 13,
    sequenceLength: 4,
    ...plainModel,
  },
  {
    model: 'lstm',
    vocabularySize: 65,
    rnnSize: 40,
    numLayers: 2,
    batchSize: 50,
    sequenceLength: 20,
    ...plainModel,
    layerNorm: true,
  },
  {
    model: 'lstm',
    vocabularySize: 3,
    rnnSize: 37,
    numLayers: 3,
    batchSize: 7,
    sequenceLength: 9,
    dropout: 0.5,
    layerNorm: true,
    residual: 'deep',
  },
  {
    model: 'gru',
    vocabularySize: 65,
    rnnSize: 48,
    numLayers: 3,
    batchSize: 11,
    sequenceLength: 30,
    dropout: 0,
    layerNorm: true,
    residual: 'on',
  },
  {
    model: 'rnn',
    vocabularySize: 130,
    rnnSize: 33,
    numLayers: 2,
    batchSize: 3,
    sequenceLength: 50,
    dropout: 0.3,
    layerNorm: true,
    residual: 'on',
  },
  {
    model: 'lstm',
    vocabularySize: 65,
    rnnSize: 40,
    numLayers: 2,
    batchSize: 50,
    sequenceLength: 20,
    dropout: 0.2,
    layerNorm: true,
    residual: 'on',
    records: true,
  },
];

/** Three steps and an evaluation; all resulting numbers. */
async function play(backend: Backend, each: Case): Promise<unknown> {
  const { batchSize, sequenceLength } = each;
  const spec: ModelSpec = {
    model: each.model,
    vocabularySize: each.vocabularySize,
    rnnSize: each.rnnSize,
    numLayers: each.numLayers,
    dropout: each.dropout,
    layerNorm: each.layerNorm,
    residual: each.residual,
  };
  const random = randomNumbers(9);
  const network = await backend.createNetwork(
    spec,
    networkOptions(batchSize, sequenceLength, { records: each.records ?? false }),
  );
  await network.importTensors(randomTensors(spec, batchSize, random, 0.2));
  const losses = await trainSteps(network, random, 3);
  const step = await network.trainStep(randomBatch(spec, network.options, random), {
    iteration: 4,
    learningRate: 0.002,
  });
  const evaluation = await network.evaluate(randomBatch(spec, network.options, random));
  const numbers = { losses, step, evaluation, tensors: bits(await network.exportTensors()) };
  network.dispose();
  return numbers;
}

describe.each([
  { relaxedSimd: true, revectorize: true },
  { relaxedSimd: false, revectorize: false },
])('results of %o', (variant) => {
  const backends: Backend[] = [];
  beforeAll(async () => {
    for (const threads of threadCounts) backends.push(await loadWasmBackend({ ...variant, threads }));
  });
  afterAll(() => backends.forEach((backend) => backend.dispose()));

  it.each(cases)(
    'are the same bits for 1, 2, 3 and 4 threads, and from run to run: $model $numLayers x $rnnSize, B $batchSize, layer norm $layerNorm, residual $residual',
    async (each) => {
      const results: unknown[] = [];
      for (const backend of backends) results.push(await play(backend, each));
      const [alone, ...others] = results;
      for (const other of others) expect(other).toEqual(alone);
      const again = backends[3];
      expect(again === undefined ? undefined : await play(again, each)).toEqual(alone);
    },
  );
});

it.each(cases.filter(({ batchSize }) => batchSize === 50))(
  'pairing 128-bit operations into 256-bit ones changes no bit, layer norm $layerNorm',
  async (each) => {
    const wide = await loadWasmBackend({ threads: 2, revectorize: true });
    const narrow = await loadWasmBackend({ threads: 2, revectorize: false });
    expect(await play(wide, each)).toEqual(await play(narrow, each));
    wide.dispose();
    narrow.dispose();
  },
);
