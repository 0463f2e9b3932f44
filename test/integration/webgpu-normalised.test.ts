import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NetworkOptions, TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import { designOf } from '../../src/engine/backends/webgpu/design.ts';
import { DeviceHealth } from '../../src/engine/backends/webgpu/device/device-health.ts';
import { Pipelines } from '../../src/engine/backends/webgpu/device/pipelines.ts';
import { WebgpuNetwork, type WebgpuContext } from '../../src/engine/backends/webgpu/network.ts';
import { makeRowBlock } from '../../src/engine/backends/webgpu/normalised/row-block.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { relativeError } from '../support/golden.ts';
import { bits, networkOptions, randomBatch, randomNumbers, randomTensors } from '../support/networks.ts';
import { describeOnWebgpu, openSoftwareDevice } from '../support/webgpu.ts';

/** Compiling for the software card takes many seconds a network. */
const compileTimeout = 300_000;

const rich = { vocabularySize: 17, rnnSize: 12, dropout: 0.3, layerNorm: true, residual: 'on' } as const;
const options = networkOptions(18, 13, { averaging: true, weightDrop: 0.25 });

interface Case {
  readonly title: string;
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  /** Whether workgroups multiply their own rows; undefined: as the plan for this network would have it. */
  readonly isWhole?: boolean;
}
const cases: readonly Case[] = [
  { title: 'LSTM', spec: { ...rich, model: 'lstm', numLayers: 2 }, options },
  // Rows and time steps that fill neither workgroup nor chunk, a single layer.
  {
    title: 'RNN of one layer',
    spec: { ...rich, model: 'rnn', numLayers: 1, rnnSize: 5 },
    options: networkOptions(3, 4),
  },
  {
    title: 'GRU whose products are kernels of their own',
    ...{
      spec: { ...rich, model: 'gru', numLayers: 2 },
      options: { ...options, sequenceLength: 4 },
      isWhole: false,
    },
  },
];

describeOnWebgpu('layer-normalised cells on WebGPU', () => {
  let context: WebgpuContext;
  const networks: TrainingNetwork[] = [];

  beforeAll(async () => {
    const device = await openSoftwareDevice();
    context = { device, health: new DeviceHealth(device), pipelines: new Pipelines(device) };
  });
  afterAll(() => {
    for (const network of networks) network.dispose();
    context.device.destroy();
  });

  async function make({ spec, options, isWhole }: Case, tensors: TensorMap): Promise<TrainingNetwork> {
    const design = designOf(spec, options, context.device.limits);
    const rowBlock = isWhole === undefined ? design.plan.rowBlock : makeRowBlock(design.shape, isWhole);
    const network = await WebgpuNetwork.create(context, { ...design, plan: { ...design.plan, rowBlock } });
    networks.push(network);
    await network.importTensors(tensors);
    return network;
  }

  const step = (iteration: number) => ({ iteration, learningRate: 0.002, averageWeight: 0.3 });
  const batchAt = ({ spec, options }: Case, seed: number) => randomBatch(spec, options, randomNumbers(seed));

  function expectAlike(actual: TensorMap, expected: TensorMap, tolerance: number): void {
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    for (const [name, { data }] of expected) {
      expect(relativeError(actual.get(name)?.data ?? [], data), name).toBeLessThan(tolerance);
    }
  }

  it.each(cases)(
    'agree with the embedded backend, and continue exactly from exported tensors: $title',
    async (each) => {
      const wasm = await loadWasmBackend({ threads: 1 });
      const initial = randomTensors(each.spec, each.options.batchSize, randomNumbers(3), 0.3);
      const ours = await make(each, initial);
      const theirs = await wasm.createNetwork(each.spec, each.options);
      await theirs.importTensors(initial);
      for (let iteration = 1; iteration <= 3; iteration++) {
        const batch = batchAt(each, iteration);
        const actual = await ours.trainStep(batch, step(iteration));
        const expected = await theirs.trainStep(batch, step(iteration));
        expect(relativeError([actual.loss], [expected.loss])).toBeLessThan(1e-5);
        expect(relativeError([actual.gradientNorm], [expected.gradientNorm])).toBeLessThan(1e-5);
        if (iteration === 1) expectAlike(await ours.exportGradients(), await theirs.exportGradients(), 2e-5);
      }
      const middle = await ours.exportTensors();
      expectAlike(middle, await theirs.exportTensors(), 5e-3);
      await ours.resetEvaluation();
      await theirs.resetEvaluation();
      const losses = await Promise.all([7, 8].map((seed) => ours.evaluate(batchAt(each, seed))));
      for (const [index, seed] of [7, 8].entries()) {
        expect(losses[index]).toBeCloseTo(await theirs.evaluate(batchAt(each, seed)), 4);
      }
      const other = await make(each, middle);
      for (const iteration of [4, 5]) {
        const batch = batchAt(each, iteration);
        expect(await other.trainStep(batch, step(iteration))).toEqual(
          await ours.trainStep(batch, step(iteration)),
        );
      }
      expect(bits(await other.exportTensors())).toEqual(bits(await ours.exportTensors()));
      wasm.dispose();
    },
    compileTimeout,
  );
});
