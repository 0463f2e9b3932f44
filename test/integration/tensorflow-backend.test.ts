import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Backend,
  NetworkOptions,
  TensorMap,
  TrainingNetwork,
} from '../../src/engine/backends/backend.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { checkGolden, relativeError } from '../support/golden.ts';
import {
  bits,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
  trainSteps,
} from '../support/networks.ts';
import { engine, nodeBinding, skipNote, startTensorflow } from '../support/tensorflow.ts';

describe.skipIf(engine === undefined)(`the TensorFlow backend${skipNote}`, () => {
  let tensorflow: Backend;
  let wasm: Backend;
  const networks: TrainingNetwork[] = [];
  const make = async (
    backend: Backend,
    spec: ModelSpec,
    options: NetworkOptions,
    tensors?: TensorMap,
  ): Promise<TrainingNetwork> => {
    const network = await backend.createNetwork(spec, options);
    if (tensors !== undefined) await network.importTensors(tensors);
    networks.push(network);
    return network;
  };

  beforeAll(async () => {
    tensorflow = startTensorflow();
    wasm = await loadWasmBackend({ threads: 1 });
  });
  afterAll(() => {
    for (const network of networks) network.dispose();
    wasm.dispose();
  });

  it.each(['lstm', 'gru', 'rnn'] as const)('gives the golden numbers of the %s', async (model) => {
    await checkGolden(model, (spec, options, initial) => make(tensorflow, spec, options, initial));
  });

  const shapes: readonly (readonly [ModelSpec, NetworkOptions])[] = [
    [
      { model: 'lstm', vocabularySize: 65, rnnSize: 40, numLayers: 2, ...plainModel, dropout: 0.3 },
      networkOptions(50, 23),
    ],
    [
      { model: 'gru', vocabularySize: 17, rnnSize: 33, numLayers: 3, ...plainModel, dropout: 0.5 },
      networkOptions(7, 30),
    ],
    [
      { model: 'rnn', vocabularySize: 300, rnnSize: 20, numLayers: 1, ...plainModel },
      networkOptions(64, 12, { optimizer: { kind: 'adam', decayRate: 0.95, weightDecay: 0 } }),
    ],
    [{ model: 'lstm', vocabularySize: 2, rnnSize: 1, numLayers: 1, ...plainModel }, networkOptions(1, 1)],
  ];

  it.each(shapes)('agrees with the embedded backend, step by step: %o %o', async (spec, options) => {
    const initial = randomTensors(spec, options.batchSize, randomNumbers(3));
    const [a, b] = [await make(tensorflow, spec, options, initial), await make(wasm, spec, options, initial)];
    for (let iteration = 1; iteration <= 3; iteration++) {
      const batch = randomBatch(spec, options, randomNumbers(iteration));
      const step = { iteration, learningRate: 0.002 };
      const [ours, theirs] = [await a.trainStep(batch, step), await b.trainStep(batch, step)];
      expect(relativeError([ours.loss], [theirs.loss])).toBeLessThan(1e-5);
      expect(relativeError([ours.gradientNorm], [theirs.gradientNorm])).toBeLessThan(1e-4);
      expect(relativeError([ours.parameterNorm], [theirs.parameterNorm])).toBeLessThan(1e-5);
    }
    const evaluation = randomBatch(spec, options, randomNumbers(9));
    expect(relativeError([await a.evaluate(evaluation)], [await b.evaluate(evaluation)])).toBeLessThan(1e-4);
  });

  it('continues what the other backend began, and the other way round', async () => {
    const spec: ModelSpec = {
      model: 'lstm',
      vocabularySize: 31,
      rnnSize: 48,
      numLayers: 2,
      ...plainModel,
      dropout: 0.2,
    };
    const options = networkOptions(20, 15);
    const initial = randomTensors(spec, 20, randomNumbers(5), 0.1);
    for (const [from, to] of [
      [wasm, tensorflow],
      [tensorflow, wasm],
    ] as const) {
      const first = await make(from, spec, options, initial);
      await trainSteps(first, randomNumbers(6), 20);
      const second = await make(to, spec, options, await first.exportTensors());
      const [stayed] = await trainSteps(first, randomNumbers(7), 1, 21);
      const [moved] = await trainSteps(second, randomNumbers(7), 1, 21);
      expect(Math.abs((stayed ?? 0) - (moved ?? 1))).toBeLessThan(1e-4);
    }
  });

  it('resumes to the bit, and runs the same twice', async () => {
    const spec: ModelSpec = {
      model: 'gru',
      vocabularySize: 20,
      rnnSize: 32,
      numLayers: 2,
      ...plainModel,
      dropout: 0.1,
    };
    const options = networkOptions(40, 25);
    const straight = await make(tensorflow, spec, options, randomTensors(spec, 40, randomNumbers(1)));
    const random = randomNumbers(2);
    await trainSteps(straight, random, 5);
    const resumed = await make(tensorflow, spec, options, await straight.exportTensors());
    const rest = (network: TrainingNetwork): Promise<number[]> => trainSteps(network, randomNumbers(8), 5, 6);
    expect(await rest(resumed)).toEqual(await rest(straight));
    expect(bits(await resumed.exportTensors())).toEqual(bits(await straight.exportTensors()));
  });

  it('separates training from evaluation', async () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 12, rnnSize: 16, numLayers: 2, ...plainModel };
    const options = networkOptions(4, 8);
    const network = await make(tensorflow, spec, options, randomTensors(spec, 4, randomNumbers(4)));
    const batch = randomBatch(spec, options, randomNumbers(5));
    const before = bits(await network.exportTensors());
    const fresh = await network.evaluate(batch);
    expect(await network.evaluate(batch)).not.toBe(fresh);
    await network.resetEvaluation();
    expect(await network.evaluate(batch)).toBe(fresh);
    expect(bits(await network.exportTensors())).toEqual(before);
  });

  it('keeps no reference to its inputs', async () => {
    const spec: ModelSpec = { model: 'rnn', vocabularySize: 8, rnnSize: 64, numLayers: 1, ...plainModel };
    const options = networkOptions(2, 4);
    const given = randomTensors(spec, 2, randomNumbers(4));
    const network = await make(tensorflow, spec, options, given);
    const before = bits(await network.exportTensors());
    for (const { data } of given.values()) data.fill(99);
    expect(bits(await network.exportTensors())).toEqual(before);
  });

  it('refuses tensors that do not fit, and is unchanged', async () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 8, rnnSize: 4, numLayers: 1, ...plainModel };
    const network = await make(tensorflow, spec, networkOptions(2, 4));
    const fitting = new Map(await network.exportTensors());
    const without = new Map([...fitting].filter(([name]) => name !== 'decoder.b'));
    const foreign = new Map([
      ...fitting,
      ['layers.9.wx', { shape: [1], data: new Float32Array(1) }] as const,
    ]);
    const misshapen = new Map([
      ...fitting,
      ['decoder.b', { shape: [4, 2], data: new Float32Array(8) }] as const,
    ]);
    for (const wrong of [without, foreign, misshapen]) {
      await expect(network.importTensors(wrong)).rejects.toMatchObject({ code: 'incompatible' });
    }
  });

  it('holds the same number of tensors after a thousand steps', async () => {
    const spec: ModelSpec = {
      model: 'lstm',
      vocabularySize: 10,
      rnnSize: 8,
      numLayers: 2,
      ...plainModel,
      dropout: 0.5,
    };
    const options = networkOptions(3, 5);
    const network = await make(tensorflow, spec, options, randomTensors(spec, 3, randomNumbers(1)));
    const batch = randomBatch(spec, options, randomNumbers(2));
    const work = async (iteration: number): Promise<void> => {
      await network.trainStep(batch, { iteration, learningRate: 0.001 });
      await network.evaluate(batch);
    };
    await work(1);
    const before = nodeBinding().getNumOfTensors();
    for (let iteration = 2; iteration <= 1000; iteration++) await work(iteration);
    expect(nodeBinding().getNumOfTensors()).toBe(before);
  });
});
