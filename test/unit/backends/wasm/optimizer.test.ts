import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Backend,
  NetworkOptions,
  TensorMap,
  TrainingNetwork,
} from '../../../../src/engine/backends/backend.ts';
import { averageOf } from '../../../../src/engine/model/averaged-weights.ts';
import { averageWeight } from '../../../../src/engine/training/averaging.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import { optimizers } from '../../../../src/shared/domain/optimizers.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import {
  asValues,
  bits,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
} from '../../../support/networks.ts';
import { referenceForward, type Values } from '../../../support/reference-network.ts';
import { referenceOptimizer } from '../../../support/reference-optimizer.ts';

const specOf = (model: ModelSpec['model'], rnnSize = 19): ModelSpec => ({
  ...{ model, vocabularySize: 21, rnnSize, numLayers: 2, ...plainModel },
});

/** What the text of a network's life is made of. */
interface Life {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
}

const learningRate = 0.01;
const decay = 0.99;

async function born(backend: Backend, { spec, options }: Life): Promise<TrainingNetwork> {
  const network = await backend.createNetwork(spec, options);
  await network.importTensors(randomTensors(spec, options.batchSize, randomNumbers(3), 0.3));
  return network;
}

/** Steps first..last, each on its own batch. */
async function trainTo(network: TrainingNetwork, first: number, last: number): Promise<unknown[]> {
  const results: unknown[] = [];
  for (let iteration = first; iteration <= last; iteration++) {
    const batch = randomBatch(network.spec, network.options, randomNumbers(100 + iteration));
    const weight = averageWeight(decay, iteration);
    results.push(await network.trainStep(batch, { iteration, learningRate, averageWeight: weight }));
  }
  return results;
}

/** The largest difference of two groups of tensors, as a share of the largest number of each tensor. */
function worst(actual: TensorMap, prefix: string, expected: Values): number {
  return Math.max(
    ...[...expected].map(([name, values]) => {
      const data = actual.get(prefix + name)?.data;
      const scale = Math.max(1e-9, ...values.map(Math.abs));
      return Math.max(...values.map((value, i) => Math.abs(value - (data?.[i] ?? NaN)))) / scale;
    }),
  );
}

const byElement = { by: 'element', bound: 0.02 } as const;
const byNorm = { by: 'norm', bound: 0.3 } as const;
const rmsprop = { kind: 'rmsprop', decayRate: 0.9, weightDecay: 0 } as const;
const lives: readonly (Life & { readonly title: string })[] = [
  ['an average', 'lstm', { averaging: true }],
  ['an average of Adam', 'gru', { averaging: true, optimizer: { ...rmsprop, kind: 'adam' } }],
  ['clip by element', 'gru', { clip: byElement }],
  ['clip by norm', 'lstm', { clip: byNorm }],
  ['clip by norm that never bites', 'rnn', { clip: { by: 'norm', bound: 100 } }],
  ['clip by norm with Adam', 'rnn', { clip: byNorm, optimizer: { ...rmsprop, kind: 'adam' } }],
  ['weight decay', 'lstm', { optimizer: { ...rmsprop, weightDecay: 0.8 } }],
  ['AdamW', 'gru', { clip: byNorm, optimizer: { ...rmsprop, kind: 'adam', weightDecay: 0.8 } }],
  ['weight drop', 'gru', { weightDrop: 0.4, averaging: true }],
  ['Muon', 'lstm', { optimizer: { ...rmsprop, kind: 'muon' } }],
  [
    'Muon with everything',
    'gru',
    {
      ...{ clip: byNorm, averaging: true, weightDrop: 0.3 },
      optimizer: { kind: 'muon', decayRate: 0.9, weightDecay: 0.8 },
    },
  ],
  [
    'everything, of layer-normalised cells',
    'lstm',
    {
      ...{ clip: byNorm, averaging: true, weightDrop: 0.3 },
      optimizer: { kind: 'muon', decayRate: 0.9, weightDecay: 0.8 },
    },
    { layerNorm: true, residual: 'on', dropout: 0.2 },
  ],
].map(([title, model, others, variant = {}]) => ({
  title: title as string,
  spec: { ...specOf(model as ModelSpec['model']), ...(variant as Partial<ModelSpec>) },
  options: networkOptions(7, 6, { optimizer: rmsprop, ...(others as Partial<NetworkOptions>) }),
}));

describe.each([
  { relaxedSimd: true, revectorize: true },
  { relaxedSimd: false, revectorize: false },
])('the optimiser on %o', (variant) => {
  const backends: Backend[] = [];
  let backend: Backend;
  beforeAll(async () => {
    for (const threads of [1, 2, 3, 4]) backends.push(await loadWasmBackend({ ...variant, threads }));
    [, backend = await loadWasmBackend(variant)] = backends;
  });
  afterAll(() => backends.forEach((each) => each.dispose()));

  it.each(lives)('does what float64 does: $title', async (life) => {
    const network = await born(backend, life);
    const reference = referenceOptimizer(life.spec, life.options, asValues(await network.exportTensors()));
    for (let iteration = 1; iteration <= 5; iteration++) {
      const weight = averageWeight(decay, iteration);
      const step = { iteration, learningRate, averageWeight: weight };
      const batch = randomBatch(life.spec, life.options, randomNumbers(100 + iteration));
      const result = await network.trainStep(batch, step);
      const { norm, clipped } = reference.step(asValues(await network.exportGradients()), step);
      expect(result.gradientNorm / norm).toBeCloseTo(1, 5);
      if (life.options.clip.bound < 1) expect(clipped).toBeGreaterThan(0.01);
      else expect(clipped).toBe(0);
    }
    const tensors = await network.exportTensors();
    expect(worst(tensors, '', reference.parameters)).toBeLessThan(2e-5);
    expect(worst(tensors, 'optimizer.m.', reference.m)).toBeLessThan(2e-5);
    const slots = optimizers[life.options.optimizer.kind].slots;
    if (slots.includes('v')) expect(worst(tensors, 'optimizer.v.', reference.v)).toBeLessThan(2e-5);
    if (life.options.averaging) {
      expect(worst(tensors, 'average.', reference.average)).toBeLessThan(2e-5);
      // It is behind the weights themselves.
      expect(worst(averageOf(tensors), '', reference.parameters)).toBeGreaterThan(1e-3);
    } else expect(averageOf(tensors).size).toBe(0);
    network.dispose();
  });

  it.each(lives)('computes the same bits on 1, 2, 3 and 4 threads: $title', async (life) => {
    const outcomes: unknown[] = [];
    for (const each of backends) {
      const network = await born(each, life);
      const results = await trainTo(network, 1, 3);
      outcomes.push({ results, tensors: bits(await network.exportTensors()) });
      network.dispose();
    }
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });

  it.each(lives)('continues to the bit in another network: $title', async (life) => {
    const network = await born(backend, life);
    await trainTo(network, 1, 3);
    const copy = await backend.createNetwork(life.spec, life.options);
    await copy.importTensors(await network.exportTensors());
    expect(await trainTo(copy, 4, 6)).toEqual(await trainTo(network, 4, 6));
    expect(bits(await copy.exportTensors())).toEqual(bits(await network.exportTensors()));
    network.dispose();
    copy.dispose();
  });
});

describe('Muon', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadWasmBackend({ threads: 2 });
  });
  afterAll(() => backend.dispose());

  // Matrices of more rows than one pass of a product takes; of exactly one panel; of a single number; and gradients of zero.
  it.each([
    ['rnn', 270, 1],
    ['gru', 16, 3],
    ['lstm', 1, 2],
  ] as const)('makes the momentum of %s, %i units, nearly orthogonal', async (model, rnnSize, numLayers) => {
    const spec: ModelSpec = { ...specOf(model, rnnSize), numLayers };
    const options = networkOptions(3, 4, { optimizer: { kind: 'muon', decayRate: 0.9, weightDecay: 0 } });
    const network = await born(backend, { spec, options });
    const reference = referenceOptimizer(spec, options, asValues(await network.exportTensors()));
    const step = { iteration: 1, learningRate };
    await network.trainStep(randomBatch(spec, options, randomNumbers(5)), step);
    reference.step(asValues(await network.exportGradients()), step);
    expect(worst(await network.exportTensors(), '', reference.parameters)).toBeLessThan(1e-4);
    network.dispose();
  });

  it('changes nothing where there is no gradient', async () => {
    const spec = specOf('gru');
    const options = networkOptions(3, 4, { optimizer: { kind: 'muon', decayRate: 0.9, weightDecay: 0 } });
    const network = await backend.createNetwork(spec, options);
    await network.trainStep(randomBatch(spec, options, randomNumbers(5)), { iteration: 1, learningRate });
    const tensors = await network.exportTensors();
    expect(tensors.get('layers.1.wh')?.data.every((value) => value === 0)).toBe(true);
    expect(tensors.get('decoder.b')?.data.some((value) => value !== 0)).toBe(true);
    network.dispose();
  });
});

describe('weight drop', () => {
  it('leaves evaluation with all weights, trained and averaged', async () => {
    const backend = await loadWasmBackend({ threads: 2 });
    const spec = specOf('lstm');
    const [dropping, whole] = await Promise.all(
      [0.5, 0].map((weightDrop) =>
        born(backend, { spec, options: networkOptions(7, 6, { weightDrop, averaging: true }) }),
      ),
    );
    if (dropping === undefined || whole === undefined) throw new Error('no network');
    await trainTo(dropping, 1, 3);
    await whole.importTensors(await dropping.exportTensors());
    const batch = randomBatch(spec, whole.options, randomNumbers(5));
    for (const weights of ['trained', 'averaged'] as const) {
      for (const network of [dropping, whole]) await network.resetEvaluation(weights);
      expect(await dropping.evaluate(batch)).toBe(await whole.evaluate(batch));
    }
    backend.dispose();
  });
});

describe('averaged weights', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadWasmBackend({ threads: 2 });
  });
  afterAll(() => backend.dispose());

  const life: Life = { spec: specOf('gru'), options: networkOptions(7, 6, { averaging: true }) };

  it('are evaluated beside the trained ones, which train on undisturbed', async () => {
    const [network, quiet] = [await born(backend, life), await born(backend, life)];
    for (const each of [network, quiet]) await trainTo(each, 1, 4);
    const tensors = await network.exportTensors();
    const passes = [
      ['averaged', asValues(averageOf(tensors))],
      ['trained', asValues(tensors)],
      ['averaged', asValues(averageOf(tensors))],
    ] as const;
    for (const [weights, values] of passes) {
      for (const name of values.keys()) if (name.startsWith('state.')) values.delete(name);
      const random = randomNumbers(12);
      await network.resetEvaluation(weights);
      for (let chunk = 0; chunk < 2; chunk++) {
        const batch = randomBatch(life.spec, life.options, random);
        const expected = referenceForward({
          ...{ spec: life.spec, batchSize: 7, sequenceLength: 6, values, batch },
        });
        expect(await network.evaluate(batch)).toBeCloseTo(expected.loss, 5);
        for (const [name, state] of expected.state) values.set(name, state);
      }
    }
    expect(await trainTo(network, 5, 6)).toEqual(await trainTo(quiet, 5, 6));
    expect(bits(await network.exportTensors())).toEqual(bits(await quiet.exportTensors()));
    network.dispose();
    quiet.dispose();
  });

  it('change no bit of the training, and stay as they are at weight 0', async () => {
    const plain = { ...life, options: { ...life.options, averaging: false } };
    const [network, without] = [await born(backend, life), await born(backend, plain)];
    expect(await trainTo(network, 1, 3)).toEqual(await trainTo(without, 1, 3));
    const before = bits(averageOf(await network.exportTensors()));
    await network.trainStep(randomBatch(life.spec, life.options, randomNumbers(1)), {
      iteration: 4,
      learningRate,
    });
    expect(bits(averageOf(await network.exportTensors()))).toEqual(before);
    network.dispose();
    without.dispose();
  });

  it('are zero when they are not imported, and refused where none are kept', async () => {
    const network = await born(backend, life);
    await trainTo(network, 1, 2);
    const tensors = await network.exportTensors();
    const without = new Map([...tensors].filter(([name]) => !name.startsWith('average.')));
    await network.importTensors(without);
    for (const { data } of averageOf(await network.exportTensors()).values())
      expect(data.every((value) => value === 0)).toBe(true);
    const plain = await born(backend, { ...life, options: { ...life.options, averaging: false } });
    await expect(plain.importTensors(tensors)).rejects.toThrow('average.layers.0.wx');
    await expect(plain.resetEvaluation('averaged')).rejects.toThrow('no average');
    await plain.importTensors(without);
    network.dispose();
    plain.dispose();
  });
});
