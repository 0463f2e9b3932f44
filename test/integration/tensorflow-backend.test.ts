import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, Network, NetworkOptions, TensorMap } from '../../src/engine/backends/backend.ts';
import { createVocabulary } from '../../src/engine/dataset/vocabulary.ts';
import { startSampling } from '../../src/engine/sampling/sampler.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
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
  const networks: Network[] = [];
  const make = (backend: Backend, spec: ModelSpec, options: NetworkOptions, tensors?: TensorMap): Network => {
    const network = backend.createNetwork(spec, options);
    if (tensors !== undefined) network.importTensors(tensors);
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

  it.each(['lstm', 'gru', 'rnn'] as const)('gives the golden numbers of the %s', (model) => {
    checkGolden(model, (spec, options, initial) => make(tensorflow, spec, options, initial));
  });

  const shapes: readonly (readonly [ModelSpec, NetworkOptions])[] = [
    [{ model: 'lstm', vocabularySize: 65, rnnSize: 40, numLayers: 2, dropout: 0.3 }, networkOptions(50, 23)],
    [{ model: 'gru', vocabularySize: 17, rnnSize: 33, numLayers: 3, dropout: 0.5 }, networkOptions(7, 30)],
    [
      { model: 'rnn', vocabularySize: 300, rnnSize: 20, numLayers: 1, dropout: 0 },
      networkOptions(64, 12, { optimizer: { kind: 'adam', decayRate: 0.95 } }),
    ],
    [{ model: 'lstm', vocabularySize: 2, rnnSize: 1, numLayers: 1, dropout: 0 }, networkOptions(1, 1)],
  ];

  it.each(shapes)('agrees with the embedded backend, step by step: %o %o', (spec, options) => {
    const initial = randomTensors(spec, options.batchSize, randomNumbers(3));
    const [a, b] = [make(tensorflow, spec, options, initial), make(wasm, spec, options, initial)];
    for (let iteration = 1; iteration <= 3; iteration++) {
      const batch = randomBatch(spec, options, randomNumbers(iteration));
      const [ours, theirs] = [a, b].map((network) =>
        network.trainStep(batch, { iteration, learningRate: 0.002 }),
      );
      expect(relativeError([ours?.loss ?? 0], [theirs?.loss ?? 1])).toBeLessThan(1e-5);
      expect(relativeError([ours?.gradientNorm ?? 0], [theirs?.gradientNorm ?? 1])).toBeLessThan(1e-4);
      expect(relativeError([ours?.parameterNorm ?? 0], [theirs?.parameterNorm ?? 1])).toBeLessThan(1e-5);
    }
    const evaluation = randomBatch(spec, options, randomNumbers(9));
    expect(relativeError([a.evaluate(evaluation)], [b.evaluate(evaluation)])).toBeLessThan(1e-4);
    for (const symbol of [0, 1, 1]) {
      expect(relativeError(a.sampleStep(symbol), b.sampleStep(symbol))).toBeLessThan(1e-3);
    }
    expect(relativeError(a.readSamplingState(), b.readSamplingState())).toBeLessThan(1e-3);
  });

  it('continues what the other backend began, and the other way round', () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 31, rnnSize: 48, numLayers: 2, dropout: 0.2 };
    const options = networkOptions(20, 15);
    const initial = randomTensors(spec, 20, randomNumbers(5), 0.1);
    for (const [from, to] of [
      [wasm, tensorflow],
      [tensorflow, wasm],
    ] as const) {
      const first = make(from, spec, options, initial);
      trainSteps(first, randomNumbers(6), 20);
      const second = make(to, spec, options, first.exportTensors());
      const [stayed] = trainSteps(first, randomNumbers(7), 1, 21);
      const [moved] = trainSteps(second, randomNumbers(7), 1, 21);
      expect(Math.abs((stayed ?? 0) - (moved ?? 1))).toBeLessThan(1e-4);
    }
  });

  it('writes the same text for the same seed', () => {
    const codes = Array.from(' .abcdefghijklmnopqrstuvwxyz', (symbol) => symbol.codePointAt(0) ?? 0);
    const vocabulary = createVocabulary('characters', codes);
    for (const model of ['lstm', 'gru', 'rnn'] as const) {
      const spec: ModelSpec = { model, vocabularySize: codes.length, rnnSize: 64, numLayers: 2, dropout: 0 };
      const trained = make(
        wasm,
        spec,
        networkOptions(20, 15),
        randomTensors(spec, 20, randomNumbers(5), 0.1),
      );
      trainSteps(trained, randomNumbers(6), 30);
      const parameters = [...trained.exportTensors()].filter(([name]) => /^(layers|decoder)/.test(name));
      const [ours, theirs, other] = (
        [
          [tensorflow, 11],
          [wasm, 11],
          [wasm, 12],
        ] as const
      ).map(([backend, seed]) => {
        const network = make(backend, spec, networkOptions(1, 1), new Map(parameters));
        const settings = { ...defaultSampleSettings, primeText: 'once ', length: 500, seed };
        return [...startSampling(network, vocabulary, settings).symbols()].map(({ text }) => text).join('');
      });
      expect(ours).toBe(theirs);
      expect(ours).not.toBe(other);
    }
  });

  it('resumes to the bit, and runs the same twice', () => {
    const spec: ModelSpec = { model: 'gru', vocabularySize: 20, rnnSize: 32, numLayers: 2, dropout: 0.1 };
    const options = networkOptions(40, 25);
    const straight = make(tensorflow, spec, options, randomTensors(spec, 40, randomNumbers(1)));
    const random = randomNumbers(2);
    trainSteps(straight, random, 5);
    const resumed = make(tensorflow, spec, options, straight.exportTensors());
    const rest = (network: Network): number[] => trainSteps(network, randomNumbers(8), 5, 6);
    expect(rest(resumed)).toEqual(rest(straight));
    expect(bits(resumed.exportTensors())).toEqual(bits(straight.exportTensors()));
  });

  it('keeps training, evaluation and sampling apart', () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 12, rnnSize: 16, numLayers: 2, dropout: 0 };
    const options = networkOptions(4, 8);
    const network = make(tensorflow, spec, options, randomTensors(spec, 4, randomNumbers(4)));
    const batch = randomBatch(spec, options, randomNumbers(5));
    const before = bits(network.exportTensors());
    const fresh = network.evaluate(batch);
    expect(network.evaluate(batch)).not.toBe(fresh);
    network.resetEvaluation();
    expect(network.evaluate(batch)).toBe(fresh);
    const first = [...network.sampleStep(3)];
    const state = network.readSamplingState();
    const second = [...network.sampleStep(4)];
    network.writeSamplingState(state);
    expect([...network.sampleStep(4)]).toEqual(second);
    network.resetSampling();
    expect([...network.sampleStep(3)]).toEqual(first);
    expect(bits(network.exportTensors())).toEqual(before);
  });

  it('never holds on to what it is given', () => {
    const spec: ModelSpec = { model: 'rnn', vocabularySize: 8, rnnSize: 64, numLayers: 1, dropout: 0 };
    const options = networkOptions(2, 4);
    const given = randomTensors(spec, 2, randomNumbers(4));
    const network = make(tensorflow, spec, options, given);
    const before = bits(network.exportTensors());
    for (const { data } of given.values()) data.fill(99);
    expect(bits(network.exportTensors())).toEqual(before);
  });

  it('refuses tensors that do not fit and stays as it was', () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 8, rnnSize: 4, numLayers: 1, dropout: 0 };
    const network = make(tensorflow, spec, networkOptions(2, 4));
    const fitting = new Map(network.exportTensors());
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
      expect(() => network.importTensors(wrong)).toThrow(expect.objectContaining({ code: 'incompatible' }));
    }
  });

  it('holds the same number of tensors after a thousand steps', () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 10, rnnSize: 8, numLayers: 2, dropout: 0.5 };
    const options = networkOptions(3, 5);
    const network = make(tensorflow, spec, options, randomTensors(spec, 3, randomNumbers(1)));
    const batch = randomBatch(spec, options, randomNumbers(2));
    const work = (iteration: number): void => {
      network.trainStep(batch, { iteration, learningRate: 0.001 });
      network.sampleStep(iteration % 10);
      network.evaluate(batch);
    };
    work(1);
    const before = nodeBinding().getNumOfTensors();
    for (let iteration = 2; iteration <= 1000; iteration++) work(iteration);
    expect(nodeBinding().getNumOfTensors()).toBe(before);
  });
});
