import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backend, Batch, NetworkOptions, TensorMap } from '../../src/engine/backends/backend.ts';
import { designOf } from '../../src/engine/backends/webgpu/design.ts';
import { DeviceHealth } from '../../src/engine/backends/webgpu/device/device-health.ts';
import { Pipelines } from '../../src/engine/backends/webgpu/device/pipelines.ts';
import { forecastBytes } from '../../src/engine/backends/webgpu/memory.ts';
import { WebgpuNetwork, type WebgpuContext } from '../../src/engine/backends/webgpu/network.ts';
import { makeRowBlock } from '../../src/engine/backends/webgpu/normalised/row-block.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { relativeError } from '../support/golden.ts';
import { networkOptions, randomBatch, randomNumbers, randomTensors } from '../support/networks.ts';
import { describeOnWebgpu, openSoftwareDevice } from '../support/webgpu.ts';

/** Compiling for the software card takes many seconds a network. */
const compileTimeout = 300_000;

interface Case {
  readonly title: string;
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  /** Whether workgroups multiply their own rows, where layers normalise. */
  readonly isWhole: boolean;
}

const plain = { vocabularySize: 17, rnnSize: 12, numLayers: 2, ...plainModel } as const;
const records = { records: true, averaging: true } as const;
const cases: readonly Case[] = [
  {
    title: 'normalised LSTM with dropout and residual connections',
    spec: { ...plain, model: 'lstm', layerNorm: true, dropout: 0.3, residual: 'on' },
    // More time steps than a chunk of layers has.
    options: networkOptions(5, 13, { ...records, weightDrop: 0.2 }),
    isWhole: true,
  },
  {
    title: 'LSTM',
    spec: { ...plain, model: 'lstm', numLayers: 1 },
    options: networkOptions(5, 6, records),
    isWhole: true,
  },
  {
    title: 'GRU',
    spec: { ...plain, model: 'gru' },
    options: networkOptions(7, 6, records),
    isWhole: true,
  },
  {
    title: 'normalised RNN whose products are kernels of their own',
    spec: { ...plain, model: 'rnn', layerNorm: true },
    options: networkOptions(5, 6, records),
    isWhole: false,
  },
];

describeOnWebgpu('records on WebGPU', () => {
  let context: WebgpuContext;
  let wasm: Backend;

  beforeAll(async () => {
    const device = await openSoftwareDevice();
    context = { device, health: new DeviceHealth(device), pipelines: new Pipelines(device) };
    wasm = await loadWasmBackend({ threads: 1 });
  });
  afterAll(() => {
    context.device.destroy();
    wasm.dispose();
  });

  function make({ spec, options, isWhole }: Case): Promise<WebgpuNetwork> {
    const design = designOf(spec, options, context.device.limits);
    const rowBlock = makeRowBlock(design.shape, isWhole);
    return WebgpuNetwork.create(context, { ...design, plan: { ...design.plan, rowBlock } });
  }

  /** Random symbols; records start in the first time step, in the middle, in the last, in consecutive time steps, and in neighbouring rows. */
  function batchAt({ spec, options }: Case, seed: number): Required<Batch> {
    const { batchSize, sequenceLength } = options;
    const { x, y } = randomBatch(spec, options, randomNumbers(seed));
    const starts = new Uint8Array(batchSize * sequenceLength);
    const last = sequenceLength - 1;
    const times = [[0, 3], [2, 3, last], [], [last], [0, 1, 2, last - 1]];
    times.forEach((begins, row) => {
      // The next chunk has them in other rows.
      const place = (row + seed) % times.length;
      for (const time of begins) starts[place * sequenceLength + time] = 1;
    });
    return { x, y, starts };
  }

  function expectAlike(actual: TensorMap, expected: TensorMap, tolerance: number): void {
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    for (const [name, { data }] of expected) {
      expect(relativeError(actual.get(name)?.data ?? [], data), name).toBeLessThan(tolerance);
    }
  }

  it.each(cases)(
    'agree with the embedded backend over two chunks, and in measurements: $title',
    async (each) => {
      const initial = randomTensors(each.spec, each.options.batchSize, randomNumbers(3), 0.4);
      const ours = await make(each);
      const theirs = await wasm.createNetwork(each.spec, each.options);
      await ours.importTensors(initial);
      await theirs.importTensors(initial);
      // Parameters stay as they are at first, so that the second chunk differs by what is carried alone.
      for (const [iteration, learningRate] of [[1, 0] as const, [2, 0.002] as const]) {
        const batch = batchAt(each, iteration);
        const actual = await ours.trainStep(batch, { iteration, learningRate, averageWeight: 0.3 });
        const expected = await theirs.trainStep(batch, { iteration, learningRate, averageWeight: 0.3 });
        expect(relativeError([actual.loss], [expected.loss])).toBeLessThan(1e-5);
        expect(relativeError([actual.gradientNorm], [expected.gradientNorm])).toBeLessThan(1e-5);
        expectAlike(await ours.exportGradients(), await theirs.exportGradients(), 2e-5);
        expectAlike(
          await ours.exportTensors(),
          await theirs.exportTensors(),
          learningRate === 0 ? 2e-5 : 5e-3,
        );
      }
      for (const weights of ['trained', 'averaged'] as const) {
        await ours.resetEvaluation(weights);
        await theirs.resetEvaluation(weights);
        const { x, y } = batchAt(each, 9);
        // The last chunk has no starts: no record starts in it.
        for (const batch of [batchAt(each, 7), batchAt(each, 8), { x, y }]) {
          expect(await ours.evaluate(batch)).toBeCloseTo(await theirs.evaluate(batch), 4);
        }
      }
      expect(ours.memoryBytes - forecastBytes(each.spec, each.options)).toBeLessThan(2 ** 18);
      ours.dispose();
      theirs.dispose();
    },
    compileTimeout,
  );
});
