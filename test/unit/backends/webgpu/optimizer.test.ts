import { beforeAll, expect, it } from 'vitest';
import type { NetworkOptions } from '../../../../src/engine/backends/backend.ts';
import { bufferFloats } from '../../../../src/engine/backends/webgpu/buffers.ts';
import { designOf, type Design } from '../../../../src/engine/backends/webgpu/design.ts';
import type { ParameterLayout } from '../../../../src/engine/backends/webgpu/layout.ts';
import { optimizerProgram } from '../../../../src/engine/backends/webgpu/optimizer/plan.ts';
import { packParameter, unpackParameter } from '../../../../src/engine/backends/webgpu/packing.ts';
import { StepUniform, stepBytes } from '../../../../src/engine/backends/webgpu/wgsl/step.ts';
import { dropoutKeeps, dropoutKey, weightDropSite } from '../../../../src/engine/random/dropout.ts';
import { averageWeight } from '../../../../src/engine/training/averaging.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { elementCount, parameterShapes } from '../../../../src/shared/domain/model-tensors.ts';
import { networkOptions, randomNumbers } from '../../../support/networks.ts';
import type { Values } from '../../../support/reference-network.ts';
import { referenceOptimizer } from '../../../support/reference-optimizer.ts';
import { describeOnWebgpu, openSoftwareDevice } from '../../../support/webgpu.ts';
import { KernelBench } from '../../../support/webgpu-kernel.ts';

/** Compiling for the software card takes many seconds where the machine is busy. */
const compileTimeout = 240_000;

const rmsprop = { kind: 'rmsprop', decayRate: 0.9, weightDecay: 0 } as const;
const byNorm = { by: 'norm', bound: 0.3 } as const;
const cases: readonly [string, ModelSpec['model'], Partial<NetworkOptions>, Partial<ModelSpec>?][] = [
  ['RMSProp, clip by element', 'lstm', { clip: { by: 'element', bound: 0.02 }, optimizer: rmsprop }],
  [
    'RMSProp, decay, average, weight drop',
    'gru',
    {
      optimizer: { ...rmsprop, weightDecay: 0.8 },
      ...{ averaging: true, weightDrop: 0.4 },
    },
  ],
  [
    'Adam, clip by norm that never bites',
    'rnn',
    {
      optimizer: { ...rmsprop, kind: 'adam' },
      clip: { by: 'norm', bound: 100 },
    },
  ],
  ['AdamW, clip by norm', 'gru', { optimizer: { ...rmsprop, kind: 'adam', weightDecay: 0.8 }, clip: byNorm }],
  ['Muon', 'lstm', { optimizer: { ...rmsprop, kind: 'muon' } }],
  [
    'Muon with everything, layer-normalised',
    'gru',
    {
      optimizer: { kind: 'muon', decayRate: 0.9, weightDecay: 0.8 },
      ...{ clip: byNorm, averaging: true, weightDrop: 0.3 },
    },
    { layerNorm: true },
  ],
];

/** Parameters' values in the flat run of a card. */
function pack(layout: ParameterLayout, values: Values): Float32Array {
  const flat = new Float32Array(layout.floats);
  for (const place of layout.places) {
    packParameter(place, Float32Array.from(values.get(place.name) ?? []), flat);
  }
  return flat;
}

function unpack(layout: ParameterLayout, flat: Float32Array): Values {
  return new Map(layout.places.map((place) => [place.name, Float64Array.from(unpackParameter(place, flat))]));
}

function drawn(spec: ModelSpec, random: () => number, scale: number): Values {
  return new Map(
    parameterShapes(spec).map(({ name, shape }) => [
      name,
      Float64Array.from({ length: elementCount(shape) }, () => Math.fround((random() * 2 - 1) * scale)),
    ]),
  );
}

/** The gradient's parts: they add up to the gradient, bar weight drop. */
const parts = 3;

/** A network of the smallest card, with that many parts. */
function designFor(spec: ModelSpec, options: NetworkOptions): Design {
  const design = designOf(spec, options, { maxComputeWorkgroupStorageSize: 16_384 });
  return { ...design, plan: { ...design.plan, gradientParts: parts } };
}

/** A gradient as it is where recurrent weights are dropped, in place. */
function thin(
  spec: ModelSpec,
  { weightDrop, dropoutSeed }: NetworkOptions,
  gradient: Values,
  iteration: number,
): void {
  if (weightDrop === 0) return;
  for (let layer = 0; layer < spec.numLayers; layer++) {
    const key = dropoutKey(dropoutSeed, iteration, weightDropSite(spec.numLayers, layer));
    gradient
      .get(`layers.${layer}.wh`)
      ?.forEach((g, i, all) => (all[i] = dropoutKeeps(key, i, weightDrop) ? g / (1 - weightDrop) : 0));
  }
}

/** The largest difference, as a share of the largest number of each tensor. */
function worst(actual: Values, expected: Values): number {
  return Math.max(
    ...[...expected].map(([name, values]) => {
      const scale = Math.max(1e-9, ...values.map(Math.abs));
      return Math.max(...values.map((value, i) => Math.abs(value - (actual.get(name)?.[i] ?? NaN)))) / scale;
    }),
  );
}

describeOnWebgpu('the optimiser on a graphics card', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await openSoftwareDevice();
  });

  it.each(cases)(
    'does what float64 does: %s',
    { timeout: compileTimeout },
    async (_, model, others, variant) => {
      const spec: ModelSpec = {
        ...{ model, vocabularySize: 21, rnnSize: 19, numLayers: 2 },
        ...plainModel,
        ...variant,
      };
      const options = networkOptions(7, 6, others);
      const design = designFor(spec, options);
      const { layout } = design;
      const bench = new KernelBench(device, Object.fromEntries(bufferFloats(design)), stepBytes);
      const random = randomNumbers(5);
      const initial = drawn(spec, random, 0.3);
      bench.write('parameters', pack(layout, initial));
      const reference = referenceOptimizer(spec, options, initial);
      const uniform = new StepUniform(spec, options);
      for (let iteration = 1; iteration <= 4; iteration++) {
        const step = { iteration, learningRate: 0.01, averageWeight: averageWeight(0.99, iteration) };
        uniform.setTraining(step);
        bench.setStep(uniform.bytes);
        const shares = Array.from({ length: parts }, () => drawn(spec, random, 0.02));
        bench.write('gradients', Float32Array.from(shares.flatMap((share) => [...pack(layout, share)])));
        await bench.run(optimizerProgram(design));
        const whole: Values = new Map(
          [...initial.keys()].map((name) => [
            name,
            Float64Array.from(shares[0]?.get(name) ?? [], (first, i) =>
              shares.slice(1).reduce((sum, share) => sum + (share.get(name)?.[i] ?? NaN), first),
            ),
          ]),
        );
        thin(spec, options, whole, iteration);
        expect(worst(unpack(layout, await bench.read('gradients')), whole)).toBeLessThan(1e-6);
        const { norm } = reference.step(whole, step);
        const norms = await bench.read('norms');
        const sumOf = (first: number): number =>
          Math.sqrt(norms.reduce((sum, square, i) => (i % 2 === first ? sum + square : sum), 0));
        expect(sumOf(0) / norm).toBeCloseTo(1, 5);
        const parameters = [...reference.parameters.values()].map((values) => Math.hypot(...values));
        expect(sumOf(1) / Math.hypot(...parameters)).toBeCloseTo(1, 5);
      }
      const found = async (name: string): Promise<Values> => unpack(layout, await bench.read(name));
      expect(worst(await found('parameters'), reference.parameters)).toBeLessThan(2e-5);
      expect(worst(await found('firstSlot'), reference.m)).toBeLessThan(2e-5);
      if (options.optimizer.kind !== 'rmsprop') {
        expect(worst(await found('secondSlot'), reference.v)).toBeLessThan(2e-5);
      }
      if (options.averaging) expect(worst(await found('average'), reference.average)).toBeLessThan(2e-5);
      // Padding is zero before and after.
      const flat = await bench.read('parameters');
      expect(flat).toEqual(pack(layout, await found('parameters')));
    },
  );
});
