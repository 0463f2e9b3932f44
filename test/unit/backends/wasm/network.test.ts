import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedBackend, TensorMap, TrainingNetwork } from '../../../../src/engine/backends/backend.ts';
import { parameterShapes } from '../../../../src/shared/domain/model-tensors.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import { parametersIn } from '../../../../src/engine/model/used-parameters.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import {
  asValues,
  bits,
  networkOptions,
  randomBatch,
  randomNumbers,
  randomTensors,
  trainSteps,
} from '../../../support/networks.ts';
import { referenceForward } from '../../../support/reference-network.ts';

const kinds = ['lstm', 'gru', 'rnn'] as const;
const specOf = (model: ModelSpec['model'], dropout = 0, normalised = false): ModelSpec => ({
  ...{ model, vocabularySize: 21, rnnSize: 19, numLayers: 2, ...plainModel, dropout },
  ...(normalised ? { layerNorm: true, residual: 'on' } : {}),
});
/** Every cell, plain, and layer-normalised with residual connections. */
const variants = [false, true].flatMap((normalised) =>
  kinds.map((model) => ({ model, normalised, title: normalised ? `a normalised ${model}` : model })),
);

function require(tensors: TensorMap, name: string): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return tensor.data;
}

describe('a network on the embedded backend', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => {
    backend = await loadWasmBackend({ threads: 2 });
  });
  afterAll(() => backend.dispose());

  async function start(spec: ModelSpec, options = networkOptions(7, 6)): Promise<TrainingNetwork> {
    const network = await backend.createNetwork(spec, options);
    await network.importTensors(randomTensors(spec, options.batchSize, randomNumbers(3), 0.3));
    return network;
  }

  it('starts with zeros, even in the memory of an earlier network', async () => {
    const earlier = await start(specOf('lstm'));
    await trainSteps(earlier, randomNumbers(1), 2);
    earlier.dispose();
    const network = await backend.createNetwork(specOf('gru'), networkOptions(7, 6));
    for (const { data } of (await network.exportTensors()).values())
      expect(data.every((value) => value === 0)).toBe(true);
    network.dispose();
  });

  it.each(['rmsprop', 'adam'] as const)(
    'updates by %s: clamp, accumulators, step and norms',
    async (kind) => {
      const spec = specOf('lstm');
      const clip = 0.02;
      const network = await start(
        spec,
        networkOptions(7, 6, {
          optimizer: { kind, decayRate: 0.9, weightDecay: 0 },
          clip: { by: 'element', bound: clip },
        }),
      );
      const random = randomNumbers(8);
      const m = new Map<string, Float64Array>();
      const v = new Map<string, Float64Array>();
      for (let iteration = 1; iteration <= 3; iteration++) {
        const before = await network.exportTensors();
        const result = await network.trainStep(randomBatch(spec, network.options, random), {
          iteration,
          learningRate: 0.01,
        });
        const after = await network.exportTensors();
        const gradients = await network.exportGradients();
        let clamped = 0;
        let gradientSquares = 0;
        let parameterSquares = 0;
        for (const { name } of parameterShapes(spec)) {
          const old = require(before, name);
          const mean = m.get(name) ?? new Float64Array(old.length);
          const squares = v.get(name) ?? new Float64Array(old.length);
          const expected = Float64Array.from(old, (parameter, index) => {
            const raw = require(gradients, name)[index] ?? NaN;
            const g = Math.min(clip, Math.max(-clip, raw));
            if (g !== raw) clamped++;
            gradientSquares += g * g;
            if (kind === 'rmsprop') {
              const power = 0.9 * (mean[index] ?? NaN) + 0.1 * g * g;
              mean[index] = power;
              return parameter - (0.01 * g) / (Math.sqrt(power) + 1e-8);
            }
            const first = 0.9 * (mean[index] ?? NaN) + 0.1 * g;
            const second = 0.999 * (squares[index] ?? NaN) + 0.001 * g * g;
            mean[index] = first;
            squares[index] = second;
            const rootMean = Math.sqrt(second / (1 - 0.999 ** iteration));
            return parameter - (0.01 * (first / (1 - 0.9 ** iteration))) / (rootMean + 1e-8);
          });
          m.set(name, mean);
          v.set(name, squares);
          const actual = require(after, name);
          expected.forEach((value, index) =>
            expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThan(2e-6),
          );
          const memory = require(after, `optimizer.m.${name}`);
          mean.forEach((value, index) =>
            expect(Math.abs((memory[index] ?? NaN) - value)).toBeLessThan(
              1e-6 * clip + 1e-5 * Math.abs(value),
            ),
          );
          parameterSquares += actual.reduce((sum, value) => sum + value * value, 0);
        }
        expect(clamped).toBeGreaterThan(10);
        expect(result.gradientNorm).toBeCloseTo(Math.sqrt(gradientSquares), 5);
        expect(result.parameterNorm).toBeCloseTo(Math.sqrt(parameterSquares), 4);
      }
      network.dispose();
    },
  );

  it.each(variants)('$title continues bit for bit from exported tensors', async ({ model, normalised }) => {
    const spec = specOf(model, 0.3, normalised);
    const network = await start(spec);
    const random = randomNumbers(4);
    await trainSteps(network, random, 2);
    const copy = await backend.createNetwork(spec, network.options);
    await copy.importTensors(await network.exportTensors());
    const later = randomNumbers(99);
    const again = randomNumbers(99);
    expect(await trainSteps(copy, again, 3, 3)).toEqual(await trainSteps(network, later, 3, 3));
    expect(bits(await copy.exportTensors())).toEqual(bits(await network.exportTensors()));
    network.dispose();
    copy.dispose();
  });

  it.each(variants)(
    '$title trains on undisturbed by evaluation and sampling',
    async ({ model, normalised }) => {
      const spec = specOf(model, 0, normalised);
      const writing = backend.createSamplingNetwork(spec);
      writing.importTensors(parametersIn(randomTensors(spec, 1, randomNumbers(3), 0.3), 'trained'));
      const [busy, quiet] = [await start(spec), await start(spec)];
      const random = randomNumbers(6);
      const other = randomNumbers(6);
      for (let step = 1; step <= 3; step++) {
        await busy.resetEvaluation();
        await busy.evaluate(randomBatch(spec, busy.options, randomNumbers(50 + step)));
        writing.sampleStep(step);
        expect(await trainSteps(busy, random, 1, step)).toEqual(await trainSteps(quiet, other, 1, step));
      }
      expect(bits(await busy.exportTensors())).toEqual(bits(await quiet.exportTensors()));
      for (const network of [busy, quiet, writing]) network.dispose();
    },
  );

  it.each(variants)(
    '$title evaluates without dropout, from zero, carrying its own state',
    async ({ model, normalised }) => {
      const spec = specOf(model, 0.5, normalised);
      const network = await start(spec);
      const values = asValues(await network.exportTensors());
      for (const name of values.keys()) if (name.startsWith('state.')) values.get(name)?.fill(0);
      const random = randomNumbers(12);
      await network.evaluate(randomBatch(spec, network.options, random));
      await network.resetEvaluation();
      for (let chunk = 0; chunk < 2; chunk++) {
        const batch = randomBatch(spec, network.options, random);
        const expected = referenceForward({ spec, batchSize: 7, sequenceLength: 6, values, batch });
        expect(await network.evaluate(batch)).toBeCloseTo(expected.loss, 5);
        for (const [name, state] of expected.state) values.set(name, state);
      }
      network.dispose();
    },
  );

  it.each(variants)(
    '$title samples with the numbers of the reference; its state can be read and put back',
    async ({ model, normalised }) => {
      const spec = specOf(model, 0.5, normalised);
      const parameters = parametersIn(randomTensors(spec, 1, randomNumbers(3), 0.3), 'trained');
      const network = backend.createSamplingNetwork(spec);
      network.importTensors(parameters);
      const values = asValues(parameters);
      const symbols = [3, 20, 0, 7];
      const { logits } = referenceForward({
        ...{ spec, batchSize: 1, sequenceLength: symbols.length, values },
        batch: { x: Int32Array.from(symbols), y: new Int32Array(symbols.length) },
      });
      network.sampleStep(11);
      network.resetSampling();
      symbols.forEach((symbol, t) => {
        const kept = network.readSamplingState();
        const first = [...network.sampleStep(symbol)];
        expect(first).toHaveLength(spec.vocabularySize);
        first.forEach((value, index) => expect(value).toBeCloseTo(logits[t]?.[0]?.[index] ?? NaN, 4));
        network.sampleStep(5);
        network.writeSamplingState(kept);
        expect([...network.sampleStep(symbol)]).toEqual(first);
      });
      network.dispose();
    },
  );

  it('keeps its memory however many steps it runs', async () => {
    const network = await start(specOf('lstm'));
    const random = randomNumbers(2);
    await trainSteps(network, random, 3);
    const { memoryBytes } = network;
    const before = await backend.createNetwork(specOf('rnn'), networkOptions(1, 1));
    await trainSteps(network, random, 200, 4);
    const after = await backend.createNetwork(specOf('rnn'), networkOptions(1, 1));
    expect(network.memoryBytes).toBe(memoryBytes);
    // A stretch that is given back is used again.
    before.dispose();
    after.dispose();
    network.dispose();
  });

  it('refuses tensors that do not fit, and is unchanged', async () => {
    const network = await start(specOf('lstm'));
    const tensors = await network.exportTensors();
    const without = new Map(tensors);
    without.delete('layers.1.wh');
    const misshapen = new Map(tensors).set('decoder.b', { shape: [22], data: new Float32Array(22) });
    const unknown = new Map(tensors).set('layers.2.wx', { shape: [1], data: new Float32Array(1) });
    const halfState = new Map(tensors);
    halfState.delete('state.1.c');
    for (const [wrong, name] of [
      [without, 'layers.1.wh'],
      [misshapen, 'decoder.b'],
      [unknown, 'layers.2.wx'],
      [halfState, 'state.1.c'],
    ] as const) {
      await expect(network.importTensors(wrong)).rejects.toThrow(name);
    }
    expect(bits(await network.exportTensors())).toEqual(bits(tensors));
    network.dispose();
  });

  it('takes parameters alone, and then memory and state are zero', async () => {
    const spec = specOf('lstm');
    const network = await start(spec);
    await trainSteps(network, randomNumbers(1), 2);
    const tensors = await network.exportTensors();
    await network.importTensors(new Map([...tensors].filter(([name]) => !/^(optimizer|state)\./.test(name))));
    const after = await network.exportTensors();
    for (const [name, { data }] of after) {
      if (/^(optimizer|state)\./.test(name)) expect(data.every((value) => value === 0)).toBe(true);
      else expect(data).toEqual(require(tensors, name));
    }
    network.dispose();
  });

  it('refuses symbols outside the vocabulary and batches of another size', async () => {
    const network = await start(specOf('gru'));
    const batch = randomBatch(network.spec, network.options, randomNumbers(1));
    const step = { iteration: 1, learningRate: 0.002 };
    const x = batch.x.slice();
    for (const symbol of [21, -1]) {
      x[40] = symbol;
      await expect(network.trainStep({ x, y: batch.y }, step)).rejects.toThrow('vocabulary');
    }
    await expect(network.evaluate({ x: batch.x.slice(1), y: batch.y })).rejects.toThrow('42 symbols');
    const writing = backend.createSamplingNetwork(network.spec);
    expect(() => writing.sampleStep(21)).toThrow('vocabulary');
    writing.dispose();
    network.dispose();
  });

  it('returns NaN when the numbers overflow, and does not hang or throw', async () => {
    const spec = specOf('lstm');
    const network = await start(spec);
    const tensors = new Map(await network.exportTensors());
    const bias = tensors.get('decoder.b');
    tensors.set('decoder.b', { shape: [21], data: Float32Array.from(bias?.data ?? [], () => NaN) });
    await network.importTensors(tensors);
    expect(await trainSteps(network, randomNumbers(1), 1)).toEqual([NaN]);
    network.dispose();
  });
});
