import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src/engine/backends/backend.ts';
import { parameterShapes, elementCount } from '../../../../src/shared/domain/model-tensors.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import {
  asValues,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
} from '../../../support/networks.ts';
import { numericalGradient, referenceForward } from '../../../support/reference-network.ts';

interface Case {
  readonly spec: ModelSpec;
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly weightDrop: number;
  readonly records: boolean;
}

const shape = (
  model: ModelSpec['model'],
  [vocabularySize, rnnSize, numLayers]: readonly [number, number, number],
  [batchSize, sequenceLength]: readonly [number, number],
  {
    weightDrop = 0,
    records = false,
    ...others
  }: Partial<Pick<ModelSpec, 'dropout' | 'layerNorm' | 'residual'>> & {
    readonly weightDrop?: number;
    readonly records?: boolean;
  } = {},
): Case => ({
  spec: { model, vocabularySize, rnnSize, numLayers, ...plainModel, ...others },
  batchSize,
  sequenceLength,
  weightDrop,
  records,
});

// Sizes around every edge of the kernels: below, at and beyond a vector, a tile and a panel; one row; more rows than a tile.
const cases: readonly Case[] = [
  shape('lstm', [5, 3, 2], [1, 4]),
  shape('lstm', [17, 19, 1], [7, 3]),
  shape('lstm', [300, 9, 2], [3, 2]),
  shape('lstm', [6, 16, 3], [13, 3], { dropout: 0.4 }),
  shape('gru', [5, 3, 2], [1, 4]),
  shape('gru', [33, 21, 2], [7, 3]),
  shape('gru', [16, 17, 2], [4, 3], { dropout: 0.25 }),
  shape('rnn', [5, 3, 2], [1, 4]),
  shape('rnn', [40, 34, 2], [7, 3]),
  shape('rnn', [2, 1, 3], [25, 2], { dropout: 0.5 }),
  shape('lstm', [17, 19, 1], [7, 3], { layerNorm: true }),
  shape('lstm', [9, 33, 2], [2, 3], { layerNorm: true }),
  shape('lstm', [300, 9, 2], [3, 2], { layerNorm: true, residual: 'on' }),
  shape('lstm', [6, 16, 3], [8, 3], { layerNorm: true, residual: 'deep', dropout: 0.4 }),
  shape('lstm', [6, 11, 3], [5, 3], { residual: 'on' }),
  shape('gru', [33, 21, 2], [7, 3], { layerNorm: true }),
  shape('gru', [16, 17, 3], [4, 3], { layerNorm: true, residual: 'on', dropout: 0.25 }),
  shape('gru', [16, 17, 2], [4, 3], { residual: 'on', dropout: 0.25 }),
  shape('rnn', [40, 34, 2], [7, 3], { layerNorm: true }),
  shape('rnn', [12, 32, 3], [7, 2], { layerNorm: true, residual: 'on', dropout: 0.5 }),
  shape('lstm', [6, 19, 2], [7, 3], { weightDrop: 0.3 }),
  shape('lstm', [6, 19, 2], [7, 3], { weightDrop: 0.3, layerNorm: true }),
  shape('gru', [6, 17, 2], [7, 3], { dropout: 0.4, weightDrop: 0.5 }),
  shape('gru', [6, 17, 2], [7, 3], { weightDrop: 0.5, layerNorm: true, residual: 'on' }),
  shape('rnn', [6, 16, 3], [7, 3], { weightDrop: 0.6 }),
  shape('lstm', [17, 19, 2], [7, 5], { records: true }),
  shape('lstm', [6, 11, 2], [5, 4], { records: true, layerNorm: true, residual: 'on', dropout: 0.4 }),
  shape('gru', [17, 21, 2], [7, 5], { records: true, residual: 'on' }),
  shape('gru', [6, 11, 2], [5, 4], { records: true, layerNorm: true, weightDrop: 0.3 }),
  shape('rnn', [17, 19, 2], [7, 5], { records: true, residual: 'on' }),
  shape('rnn', [6, 11, 2], [5, 4], { records: true, layerNorm: true, dropout: 0.3 }),
];

const title = ({ spec, batchSize, sequenceLength, weightDrop, records }: Case): string =>
  `${spec.model} ${spec.numLayers}x${spec.rnnSize}, V ${spec.vocabularySize}, B ${batchSize}, S ${sequenceLength}, dropout ${spec.dropout}` +
  `${spec.layerNorm ? ', layer norm' : ''}${spec.residual === 'off' ? '' : ', residual'}` +
  (weightDrop > 0 ? `, weight drop ${weightDrop}` : '') +
  (records ? ', records' : '');

/** Elements of each tensor to differentiate: the corners and some in between. */
function probes(length: number, random: () => number): readonly number[] {
  return [...new Set([0, length - 1, ...Array.from({ length: 5 }, () => Math.floor(random() * length))])];
}

/** A network in the middle of its training, and what the reference makes of its next step. */
function prepare({ spec, batchSize, sequenceLength, weightDrop, records }: Case) {
  const random = randomNumbers(5);
  const options = networkOptions(batchSize, sequenceLength, { weightDrop, records });
  const tensors = randomTensors(spec, batchSize, random);
  const batch = randomBatch(spec, options, random);
  const iteration = 3;
  const { dropoutSeed: seed } = options;
  const input = {
    ...{ spec, batchSize, sequenceLength, batch, values: asValues(tensors) },
    ...(spec.dropout > 0 ? { dropout: { seed, iteration } } : {}),
    ...(weightDrop > 0 ? { weightDrop: { seed, iteration, share: weightDrop } } : {}),
  };
  const gradients = parameterShapes(spec).flatMap(({ name, shape: dimensions }) =>
    probes(elementCount(dimensions), random).map((index) => {
      return { name, index, gradient: numericalGradient(input, name, index) };
    }),
  );
  return { spec, options, tensors, batch, iteration, expected: referenceForward(input), gradients };
}

const variants = [
  { relaxedSimd: true, revectorize: true, threads: 2 },
  { relaxedSimd: false, revectorize: false, threads: 3 },
];

describe('training step', () => {
  const backends: Backend[] = [];
  beforeAll(async () => {
    for (const variant of variants) backends.push(await loadWasmBackend(variant));
  });
  afterAll(() => backends.forEach((backend) => backend.dispose()));

  it.each(cases.map((each) => ({ title: title(each), each })))(
    'agrees with finite differences: $title',
    async ({ each }) => {
      // Finite differences take most of the time: once for all variants.
      const prepared = prepare(each);
      expect(backends).toHaveLength(variants.length);
      for (const backend of backends) await compare(backend, prepared);
    },
  );
});

async function compare(backend: Backend, prepared: ReturnType<typeof prepare>): Promise<void> {
  const { spec, options, tensors, batch, iteration, expected } = prepared;
  const { variant } = backend.info;
  const network = await backend.createNetwork(spec, options);
  await network.importTensors(tensors);
  const { loss } = await network.trainStep(batch, { iteration, learningRate: 0.002 });
  expect(loss, variant).toBeCloseTo(expected.loss, 5);
  const after = await network.exportTensors();
  for (const [name, values] of expected.state) {
    const data = after.get(name)?.data ?? new Float32Array();
    values.forEach((value, index) =>
      expect(data[index], `${variant} ${name}[${index}]`).toBeCloseTo(value, 5),
    );
  }
  const gradients = await network.exportGradients();
  for (const { name, index, gradient } of prepared.gradients) {
    expect(gradients.get(name)?.data[index], `${variant} ${name}[${index}]`).toBeCloseTo(gradient, 5);
  }
  network.dispose();
}
