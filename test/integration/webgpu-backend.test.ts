import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  Backend,
  NetworkOptions,
  StepResult,
  TensorMap,
  TrainingNetwork,
} from '../../src/engine/backends/backend.ts';
import { createWebgpuBackend, describeAdapter } from '../../src/engine/backends/webgpu/backend.ts';
import { forecastBytes } from '../../src/engine/backends/webgpu/memory.ts';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { verifyBackend } from '../../src/engine/verification/verify.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import { cellKinds } from '../../src/shared/domain/cells.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { relativeError } from '../support/golden.ts';
import { bits, networkOptions, randomBatch, randomNumbers, randomTensors } from '../support/networks.ts';
import { describeOnWebgpu, openSoftwareDevice, softwareAdapter } from '../support/webgpu.ts';

/** Compiling for the software card takes many seconds a network; a pipeline that is known is used again, so the cases share few shapes. */
const compileTimeout = 300_000;

const deep: ModelSpec = {
  ...{ model: 'lstm', vocabularySize: 17, rnnSize: 20, numLayers: 3 },
  ...{ dropout: 0.3, layerNorm: false, residual: 'on' },
};
const deepOptions = networkOptions(7, 13, {
  ...{ averaging: true, weightDrop: 0.25, clip: { by: 'norm', bound: 0.5 } },
  optimizer: { kind: 'adam', decayRate: 0.95, weightDecay: 0.01 },
});
const stepAt = (iteration: number): { iteration: number; learningRate: number; averageWeight: number } => ({
  ...{ iteration, learningRate: 0.002, averageWeight: 0.3 },
});

describeOnWebgpu('the WebGPU backend', () => {
  let device: GPUDevice;
  let webgpu: Backend;
  let wasm: Backend;
  const networks: TrainingNetwork[] = [];
  const make = async (
    backend: Backend,
    spec: ModelSpec,
    options: NetworkOptions,
    tensors: TensorMap = randomTensors(spec, options.batchSize, randomNumbers(3)),
  ): Promise<TrainingNetwork> => {
    const network = await backend.createNetwork(spec, options);
    networks.push(network);
    await network.importTensors(tensors);
    return network;
  };
  const batchAt = (network: TrainingNetwork, seed: number): ReturnType<typeof randomBatch> =>
    randomBatch(network.spec, network.options, randomNumbers(seed));
  const train = async (network: TrainingNetwork, first: number, last: number): Promise<StepResult[]> => {
    const results: StepResult[] = [];
    for (let iteration = first; iteration <= last; iteration++) {
      results.push(await network.trainStep(batchAt(network, iteration), stepAt(iteration)));
    }
    return results;
  };
  const evaluate = async (network: TrainingNetwork): Promise<number[]> => {
    await network.resetEvaluation();
    return Promise.all([31, 32].map((seed) => network.evaluate(batchAt(network, seed))));
  };
  const expectAlike = (actual: TensorMap, expected: TensorMap, tolerance: number): void => {
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    for (const [name, { shape, data }] of expected) {
      expect(actual.get(name)?.shape).toEqual(shape);
      expect(relativeError(actual.get(name)?.data ?? [], data), name).toBeLessThan(tolerance);
    }
  };

  beforeAll(async () => {
    device = await openSoftwareDevice();
    webgpu = createWebgpuBackend(device, describeAdapter(await softwareAdapter()));
    wasm = await loadWasmBackend({ threads: 1 });
  });
  afterAll(() => {
    for (const network of networks) network.dispose();
    webgpu.dispose();
    wasm.dispose();
  });

  it('says what its arithmetic depends on', () => {
    expect(webgpu.info).toMatchObject({ name: 'webgpu', threads: 1 });
    expect(webgpu.info.device).toContain('SwiftShader');
    expect(webgpu.info.variant).toMatch(/^webgpu-google-swiftshader-.*-plan\d+\.32$/);
  });

  it.each(cellKinds)(
    'gives the golden numbers of the %s',
    async (model) => {
      const fixture = bundledFixtures().find(({ name }) => name === model)?.fixture;
      if (fixture === undefined) throw new Error(`no golden numbers of the ${model}`);
      const report = await verifyBackend(webgpu, fixture);
      for (const error of Object.values(report)) expect(error).toBeLessThan(2e-6);
    },
    compileTimeout,
  );

  const shapes: readonly (readonly [ModelSpec, NetworkOptions])[] = [
    [deep, deepOptions],
    [
      { model: 'gru', vocabularySize: 17, rnnSize: 17, numLayers: 2, ...plainModel, dropout: 0.4 },
      networkOptions(9, 12, { weightDrop: 0.2 }),
    ],
    [{ model: 'rnn', vocabularySize: 67, rnnSize: 33, numLayers: 1, ...plainModel }, networkOptions(26, 3)],
    [{ model: 'lstm', vocabularySize: 2, rnnSize: 1, numLayers: 1, ...plainModel }, networkOptions(1, 1)],
  ];

  it.each(shapes)(
    'agrees with the embedded backend, step by step: %o',
    async (spec, options) => {
      const [ours, theirs] = [await make(webgpu, spec, options), await make(wasm, spec, options)];
      for (let iteration = 1; iteration <= 3; iteration++) {
        const batch = batchAt(ours, iteration);
        const actual = await ours.trainStep(batch, stepAt(iteration));
        const expected = await theirs.trainStep(batch, stepAt(iteration));
        expect(relativeError([actual.loss], [expected.loss])).toBeLessThan(1e-5);
        expect(relativeError([actual.gradientNorm], [expected.gradientNorm])).toBeLessThan(1e-5);
        expect(relativeError([actual.parameterNorm], [expected.parameterNorm])).toBeLessThan(1e-5);
        // Later parameters differ where an optimiser divides rounding by rounding, and gradients with them.
        if (iteration === 1) expectAlike(await ours.exportGradients(), await theirs.exportGradients(), 1e-5);
        expect(relativeError(await evaluate(ours), await evaluate(theirs))).toBeLessThan(1e-4);
      }
      expectAlike(await ours.exportTensors(), await theirs.exportTensors(), 5e-3);
    },
    compileTimeout,
  );

  it(
    'continues exactly from exported tensors, and gives the same bits in two networks',
    async () => {
      const whole = await make(webgpu, deep, deepOptions);
      const first = await make(webgpu, deep, deepOptions);
      const results = await train(whole, 1, 4);
      expect(await train(first, 1, 2)).toEqual(results.slice(0, 2));
      const second = await make(webgpu, deep, deepOptions, await first.exportTensors());
      expect(bits(await second.exportTensors())).toEqual(bits(await first.exportTensors()));
      expect(await train(second, 3, 4)).toEqual(results.slice(2));
      expect(bits(await second.exportTensors())).toEqual(bits(await whole.exportTensors()));
    },
    compileTimeout,
  );

  it(
    'computes overlapping steps as it does single ones',
    async () => {
      const [alone, together] = [
        await make(webgpu, deep, deepOptions),
        await make(webgpu, deep, deepOptions),
      ];
      const expected = await train(alone, 1, 6);
      expect(together.stepsInFlight).toBeGreaterThan(1);
      // One batch for all: each call must have read it when it returns.
      const batch = batchAt(together, 1);
      const pending = [1, 2, 3, 4, 5, 6].map((iteration) => {
        const next = batchAt(together, iteration);
        batch.x.set(next.x);
        batch.y.set(next.y);
        return together.trainStep(batch, stepAt(iteration));
      });
      expect(await Promise.all(pending)).toEqual(expected);
      expect(bits(await together.exportTensors())).toEqual(bits(await alone.exportTensors()));
    },
    compileTimeout,
  );

  it(
    'evaluates without effect on training',
    async () => {
      const [measured, left] = [await make(webgpu, deep, deepOptions), await make(webgpu, deep, deepOptions)];
      await train(measured, 1, 2);
      await train(left, 1, 2);
      const losses = await evaluate(measured);
      // What is exported in the middle of a pass is training's.
      await measured.resetEvaluation('averaged');
      const averaged = await measured.evaluate(batchAt(measured, 31));
      expect(bits(await measured.exportTensors())).toEqual(bits(await left.exportTensors()));
      expect(averaged).not.toBe(losses[0]);
      expect(await evaluate(measured)).toEqual(losses);
      expect(await train(measured, 3, 4)).toEqual(await train(left, 3, 4));
    },
    compileTimeout,
  );

  it(
    'measures the average as a network that has it for parameters',
    async () => {
      const ours = await make(webgpu, deep, deepOptions);
      await train(ours, 1, 3);
      const tensors = await ours.exportTensors();
      const averages = [...tensors].flatMap(([name, tensor]) =>
        name.startsWith('average.') ? [[name.slice('average.'.length), tensor] as const] : [],
      );
      const other = await make(webgpu, deep, deepOptions, new Map(averages));
      await ours.resetEvaluation('averaged');
      await other.resetEvaluation();
      expect(await ours.evaluate(batchAt(ours, 5))).toBe(await other.evaluate(batchAt(ours, 5)));
    },
    compileTimeout,
  );

  it(
    'refuses tensors that do not fit without changing, and is as large as forecast',
    async () => {
      const network = await make(webgpu, deep, deepOptions);
      // What the forecast leaves out are uniforms.
      const uniforms = network.memoryBytes - forecastBytes(deep, deepOptions);
      expect(uniforms).toBeGreaterThan(0);
      expect(uniforms).toBeLessThan(2 ** 18);
      const before = bits(await network.exportTensors());
      const incompatible = expect.objectContaining({ code: 'incompatible' }) as unknown;
      const batch = batchAt(network, 1);
      batch.x[3] = 17;
      await expect(network.trainStep(batch, stepAt(1))).rejects.toEqual(incompatible);
      const short = { x: batch.x.subarray(1), y: batch.y.subarray(1) };
      await expect(network.evaluate(short)).rejects.toEqual(incompatible);
      const tensors = new Map(await network.exportTensors());
      tensors.delete('layers.1.wh');
      await expect(network.importTensors(tensors)).rejects.toEqual(incompatible);
      expect(bits(await network.exportTensors())).toEqual(before);
      const [plain, plainOptions] = shapes[3] ?? [deep, deepOptions];
      const averageless = await make(webgpu, plain, plainOptions);
      await expect(averageless.resetEvaluation('averaged')).rejects.toEqual(incompatible);
    },
    compileTimeout,
  );

  it(
    'reports a loss and norms that are not numbers',
    async () => {
      const [spec, options] = shapes[3] ?? [deep, deepOptions];
      const tensors = randomTensors(spec, options.batchSize, randomNumbers(3));
      tensors.get('decoder.w')?.data.fill(NaN);
      const network = await make(webgpu, spec, options, tensors);
      const result = await network.trainStep(batchAt(network, 1), stepAt(1));
      expect(Object.values(result)).toEqual([NaN, NaN, NaN]);
    },
    compileTimeout,
  );

  it('refuses a network that the card cannot hold', async () => {
    const wide: ModelSpec = { model: 'lstm', vocabularySize: 65, rnnSize: 8000, numLayers: 2, ...plainModel };
    await expect(webgpu.createNetwork(wide, networkOptions(500, 500))).rejects.toMatchObject({
      code: 'bad-setting',
    });
  });

  it('says what to do when the card has less memory than the network needs', async () => {
    const [spec, options] = shapes[3] ?? [deep, deepOptions];
    // The device itself, but with the lack of memory that a card would report.
    const full = new Proxy(device, {
      get(target, name: keyof GPUDevice) {
        if (name === 'popErrorScope') {
          return () => target.popErrorScope().then(() => ({ message: 'Failed to allocate memory.' }));
        }
        const value: unknown = target[name];
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const backend = createWebgpuBackend(full, describeAdapter(await softwareAdapter()));
    await expect(backend.createNetwork(spec, { ...options, batchSize: 2000 })).rejects.toMatchObject({
      code: 'bad-setting',
      message: expect.stringMatching(/^The graphics card's memory ran out: training LSTM 1x1 /) as unknown,
      advice: { kind: 'use-setting' },
    });
  });

  it(
    'rejects pending and later work when the device is lost',
    async () => {
      const [spec, options] = shapes[3] ?? [deep, deepOptions];
      const lost = await openSoftwareDevice();
      const backend = createWebgpuBackend(lost, describeAdapter(await softwareAdapter()));
      const network = await backend.createNetwork(spec, options);
      const pending = [1, 2].map((iteration) =>
        network.trainStep(batchAt(network, iteration), stepAt(iteration)).catch((error: unknown) => error),
      );
      lost.destroy();
      const failure = {
        code: 'backend-unavailable',
        message: expect.stringContaining('card was lost') as unknown,
      };
      // Those that the card had done before may still succeed.
      expect((await Promise.all(pending)).at(-1)).toMatchObject(failure);
      await expect(network.exportTensors()).rejects.toMatchObject(failure);
      await expect(network.trainStep(batchAt(network, 3), stepAt(3))).rejects.toMatchObject(failure);
      await expect(backend.createNetwork(spec, options)).rejects.toMatchObject(failure);
      network.dispose();
    },
    compileTimeout,
  );
});
