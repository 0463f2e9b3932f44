import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Backend,
  NetworkOptions,
  StepOptions,
  TensorMap,
  TrainingNetwork,
} from '../../src/engine/backends/backend.ts';
import { averageOf } from '../../src/engine/model/averaged-weights.ts';
import { dropoutKeeps, dropoutKey, weightDropSite } from '../../src/engine/random/dropout.ts';
import { averageWeight } from '../../src/engine/training/averaging.ts';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { verifyBackend, verifyTolerance, worstError } from '../../src/engine/verification/verify.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import { cellKinds } from '../../src/shared/domain/cells.ts';
import { parameterShapes } from '../../src/shared/domain/model-tensors.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { relativeError } from '../support/golden.ts';
import {
  asValues,
  bits,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
} from '../support/networks.ts';
import type { Values } from '../support/reference-network.ts';
import { referenceOptimizer } from '../support/reference-optimizer.ts';
import { engine, skipNote, startTensorflow } from '../support/tensorflow.ts';

const rmsprop = { kind: 'rmsprop', decayRate: 0.9, weightDecay: 0 } as const;
const specOf = (model: ModelSpec['model'], others: Partial<ModelSpec> = {}): ModelSpec => ({
  ...{ model, vocabularySize: 21, rnnSize: 19, numLayers: 2, ...plainModel },
  ...others,
});
const stepAt = (iteration: number): StepOptions => ({
  iteration,
  learningRate: 0.01,
  averageWeight: averageWeight(0.99, iteration),
});

/** Largest difference of two groups of tensors, as a share of the largest number of each tensor. */
function worst(actual: TensorMap, prefix: string, expected: Values): number {
  return Math.max(
    ...[...expected].map(([name, values]) => relativeError(actual.get(prefix + name)?.data ?? [], values)),
  );
}

function numbers(tensors: TensorMap, name: string): Float32Array {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found.data;
}

describe.skipIf(engine === undefined)(`the modern recipe on TensorFlow${skipNote}`, () => {
  let tensorflow: Backend;
  let wasm: Backend;
  const networks: TrainingNetwork[] = [];
  const make = async (
    backend: Backend,
    spec: ModelSpec,
    options: NetworkOptions,
    tensors: TensorMap = randomTensors(spec, options.batchSize, randomNumbers(3), 0.3),
  ): Promise<TrainingNetwork> => {
    const network = await backend.createNetwork(spec, options);
    networks.push(network);
    await network.importTensors(tensors);
    return network;
  };
  /** Steps first..last, each on its own batch. */
  const train = async (network: TrainingNetwork, first: number, last: number): Promise<unknown[]> => {
    const results: unknown[] = [];
    for (let iteration = first; iteration <= last; iteration++) {
      const batch = randomBatch(network.spec, network.options, randomNumbers(100 + iteration));
      results.push(await network.trainStep(batch, stepAt(iteration)));
    }
    return results;
  };

  beforeAll(async () => {
    tensorflow = startTensorflow();
    wasm = await loadWasmBackend({ threads: 1 });
  });
  afterAll(() => {
    for (const network of networks) network.dispose();
    wasm.dispose();
  });

  it.each(bundledFixtures())('gives the golden numbers of $name, their average included', async (each) => {
    expect(worstError(await verifyBackend(tensorflow, each.fixture))).toBeLessThan(verifyTolerance);
  });

  const variants = cellKinds.flatMap((model) => [
    specOf(model, { layerNorm: true, dropout: 0.3, rnnSize: 32 }),
    specOf(model, { layerNorm: true, residual: 'on', numLayers: 3, vocabularySize: 150 }),
    specOf(model, { residual: 'deep', numLayers: 3, dropout: 0.3 }),
  ]);
  const kinds: readonly (readonly [ModelSpec, boolean])[] = [
    ...variants.map((spec) => [spec, false] as const),
    [specOf('lstm', { layerNorm: true, residual: 'on' }), true],
    [specOf('gru', { dropout: 0.3 }), true],
    [specOf('rnn'), true],
  ];
  it.each(kinds)('agrees with the embedded backend: %o, records %s', async (spec, records) => {
    const options = networkOptions(20, 12, { records });
    const [ours, theirs] = [await make(tensorflow, spec, options), await make(wasm, spec, options)];
    for (let iteration = 1; iteration <= 2; iteration++) {
      const batch = randomBatch(spec, options, randomNumbers(iteration));
      const [a, b] = [
        await ours.trainStep(batch, stepAt(iteration)),
        await theirs.trainStep(batch, stepAt(iteration)),
      ];
      expect(relativeError([a.loss], [b.loss])).toBeLessThan(1e-5);
      expect(relativeError([a.gradientNorm], [b.gradientNorm])).toBeLessThan(1e-4);
      const gradients = await ours.exportGradients();
      for (const [name, { data }] of await theirs.exportGradients()) {
        expect(relativeError(gradients.get(name)?.data ?? [], data), name).toBeLessThan(1e-3);
      }
    }
    const batch = randomBatch(spec, options, randomNumbers(9));
    expect(relativeError([await ours.evaluate(batch)], [await theirs.evaluate(batch)])).toBeLessThan(1e-4);
  });

  const lives: readonly (readonly [string, ModelSpec, Partial<NetworkOptions>])[] = [
    ['an average', specOf('lstm'), { averaging: true }],
    ['clip by element', specOf('gru'), { clip: { by: 'element', bound: 0.02 } }],
    ['clip by norm', specOf('lstm', { layerNorm: true }), { clip: { by: 'norm', bound: 0.3 } }],
    ['clip by norm that never bites', specOf('rnn'), { clip: { by: 'norm', bound: 100 } }],
    ['weight decay', specOf('gru', { layerNorm: true }), { optimizer: { ...rmsprop, weightDecay: 0.5 } }],
    ['AdamW', specOf('lstm'), { optimizer: { ...rmsprop, kind: 'adam', weightDecay: 0.5 }, averaging: true }],
    ['Muon', specOf('lstm'), { optimizer: { ...rmsprop, kind: 'muon' } }],
    [
      'Muon with everything',
      specOf('gru', { layerNorm: true, numLayers: 3 }),
      {
        optimizer: { ...rmsprop, kind: 'muon', weightDecay: 0.5 },
        clip: { by: 'norm', bound: 0.3 },
        averaging: true,
      },
    ],
  ];
  it.each(lives)('updates as float64 does: %s', async (_, spec, others) => {
    const options = networkOptions(7, 6, { optimizer: rmsprop, ...others });
    const network = await make(tensorflow, spec, options);
    const reference = referenceOptimizer(spec, options, asValues(await network.exportTensors()));
    for (let iteration = 1; iteration <= 5; iteration++) {
      const batch = randomBatch(spec, options, randomNumbers(100 + iteration));
      const result = await network.trainStep(batch, stepAt(iteration));
      const { norm, clipped } = reference.step(asValues(await network.exportGradients()), stepAt(iteration));
      expect(result.gradientNorm / norm).toBeCloseTo(1, 5);
      if (options.clip.bound < 1) expect(clipped).toBeGreaterThan(0.01);
      else expect(clipped).toBe(0);
    }
    const tensors = await network.exportTensors();
    const tolerance = options.optimizer.kind === 'muon' ? 2e-4 : 2e-5;
    expect(worst(tensors, '', reference.parameters)).toBeLessThan(tolerance);
    expect(worst(tensors, 'optimizer.m.', reference.m)).toBeLessThan(2e-5);
    if (options.optimizer.kind === 'rmsprop') expect(tensors.has('optimizer.v.decoder.w')).toBe(false);
    else expect(worst(tensors, 'optimizer.v.', reference.v)).toBeLessThan(2e-5);
    if (!options.averaging) return expect(averageOf(tensors).size).toBe(0);
    expect(worst(tensors, 'average.', reference.average)).toBeLessThan(tolerance);
    // It is behind the weights themselves.
    expect(worst(averageOf(tensors), '', reference.parameters)).toBeGreaterThan(1e-3);
  });

  it.each([specOf('gru'), specOf('lstm', { layerNorm: true })])(
    'measures the average where it is asked for: %o',
    async (spec) => {
      const options = networkOptions(7, 6, { averaging: true });
      const network = await make(tensorflow, spec, options);
      await train(network, 1, 3);
      const tensors = await network.exportTensors();
      const average = await make(tensorflow, spec, options, averageOf(tensors));
      const measured = async (of: TrainingNetwork, weights?: 'averaged'): Promise<number[]> => {
        await of.resetEvaluation(weights);
        const losses: number[] = [];
        for (const seed of [1, 2]) {
          losses.push(await of.evaluate(randomBatch(spec, options, randomNumbers(seed))));
        }
        return losses;
      };
      const trained = await measured(network);
      expect(await measured(network, 'averaged')).toEqual(await measured(average));
      expect(await measured(network, 'averaged')).not.toEqual(trained);
      // Without a word it is the weights themselves again.
      expect(await measured(network)).toEqual(trained);
      expect(bits(await network.exportTensors())).toEqual(bits(tensors));
    },
  );

  it('keeps its average where a step has no weight for it, and refuses one that is not kept', async () => {
    const spec = specOf('rnn');
    const network = await make(tensorflow, spec, networkOptions(7, 6, { averaging: true }));
    await train(network, 1, 2);
    const before = bits(averageOf(await network.exportTensors()));
    const batch = randomBatch(spec, network.options, randomNumbers(1));
    await network.trainStep(batch, { iteration: 3, learningRate: 0.01 });
    expect(bits(averageOf(await network.exportTensors()))).toEqual(before);
    const without = await make(tensorflow, spec, networkOptions(7, 6));
    await expect(without.resetEvaluation('averaged')).rejects.toMatchObject({ code: 'incompatible' });
  });

  it.each([specOf('gru'), specOf('lstm', { layerNorm: true })])(
    'drops recurrent weights in training only, by the rule: %o',
    async (spec) => {
      const weightDrop = 0.4;
      const options = networkOptions(7, 6, { weightDrop });
      const dropping = await make(tensorflow, spec, options);
      const tensors = new Map(await dropping.exportTensors());
      const iteration = 5;
      const masks = new Map(
        Array.from({ length: spec.numLayers }, (_, layer) => {
          const name = `layers.${layer}.wh`;
          const key = dropoutKey(options.dropoutSeed, iteration, weightDropSite(spec.numLayers, layer));
          const data = numbers(tensors, name);
          return [
            name,
            data.map((_, index) => (dropoutKeeps(key, index, weightDrop) ? 1 / (1 - weightDrop) : 0)),
          ];
        }),
      );
      const masked = new Map(
        [...tensors].map(([name, { shape, data }]) => [
          name,
          { shape, data: data.map((value, index) => value * (masks.get(name)?.[index] ?? 1)) },
        ]),
      );
      const plain = await make(tensorflow, spec, { ...options, weightDrop: 0 }, masked);
      const batch = randomBatch(spec, options, randomNumbers(1));
      await dropping.resetEvaluation();
      const whole = await make(tensorflow, spec, { ...options, weightDrop: 0 }, tensors);
      expect(await dropping.evaluate(batch)).toBe(await whole.evaluate(batch));
      const [a, b] = [
        await dropping.trainStep(batch, stepAt(iteration)),
        await plain.trainStep(batch, stepAt(iteration)),
      ];
      expect(a.loss).toBe(b.loss);
      const [gradients, expected] = [await dropping.exportGradients(), await plain.exportGradients()];
      for (const { name } of parameterShapes(spec)) {
        const mask = masks.get(name);
        const values = numbers(expected, name).map((value, index) => value * (mask?.[index] ?? 1));
        expect(relativeError(gradients.get(name)?.data ?? [], values), name).toBeLessThan(1e-5);
      }
      const dropped = masks.get('layers.1.wh')?.filter((factor) => factor === 0).length;
      expect((dropped ?? 0) / (masks.get('layers.1.wh')?.length ?? 1)).toBeCloseTo(weightDrop, 1);
    },
  );

  it('resumes to the bit with all of them together', async () => {
    const spec = specOf('lstm', { layerNorm: true, residual: 'on', dropout: 0.2, numLayers: 3 });
    const options = networkOptions(7, 12, {
      optimizer: { kind: 'muon', decayRate: 0.95, weightDecay: 0.1 },
      clip: { by: 'norm', bound: 1 },
      weightDrop: 0.3,
      averaging: true,
    });
    const straight = await make(tensorflow, spec, options);
    await train(straight, 1, 3);
    const resumed = await make(tensorflow, spec, options, await straight.exportTensors());
    expect(await train(resumed, 4, 6)).toEqual(await train(straight, 4, 6));
    expect(bits(await resumed.exportTensors())).toEqual(bits(await straight.exportTensors()));
  });
});
