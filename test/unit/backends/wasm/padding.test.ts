import { expect, it } from 'vitest';
import { planLayout } from '../../../../src/engine/backends/wasm/layout.ts';
import { kernelConstants, padded } from '../../../../src/engine/backends/wasm/fields/constants.ts';
import { compileKernels, instantiateKernels } from '../../../../src/engine/backends/wasm/kernels.ts';
import { WasmNetwork } from '../../../../src/engine/backends/wasm/network.ts';
import { writeParameter } from '../../../../src/engine/backends/wasm/tensors.ts';
import { elementCount, parameterShapes, stateShapes } from '../../../../src/shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { networkOptions, randomBatch, randomNumbers, randomTensors } from '../../../support/networks.ts';

const base = 65_536;
const options = networkOptions(5, 6, { optimizer: { kind: 'adam', decayRate: 0.95, weightDecay: 0 } });

const cases = (['lstm', 'gru', 'rnn'] as const).flatMap((model) =>
  [false, true].map((layerNorm) => ({ model, layerNorm })),
);

it.each(cases)(
  'what pads a $model is zero after training as before, layer norm $layerNorm',
  async ({ model, layerNorm }) => {
    const spec: ModelSpec = {
      ...{ model, vocabularySize: 21, rnnSize: 19, numLayers: 3, dropout: 0.3, layerNorm, residual: 'on' },
    };
    const layout = planLayout(spec, options, 1);
    const pages = Math.ceil((base + layout.bytes) / 65_536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
    const kernels = await instantiateKernels(await compileKernels('plain'), memory);
    kernels.initialise();
    new Int32Array(memory.buffer)[kernelConstants.THREADS / 4] = 1;
    const home = { kernels, memory, wide: false, release: () => undefined };
    const network = new WasmNetwork(spec, options, layout, base, home);
    const random = randomNumbers(2);
    network.importTensors(randomTensors(spec, options.batchSize, random));
    for (let iteration = 1; iteration <= 3; iteration++) {
      network.trainStep(randomBatch(spec, options, random), { iteration, learningRate: 0.01 });
    }

    const words = new Float32Array(memory.buffer);
    const runAt = (field: string): number => (base + (layout.training.network.get(field) ?? NaN)) / 4;
    for (const run of ['parameters', 'gradients', 'accumulatorM', 'accumulatorV']) {
      for (const [index, { name, shape }] of parameterShapes(spec).entries()) {
        const place = layout.places[index];
        if (place === undefined) throw new Error('no place');
        const stored = words.slice(runAt(run) + place.offset, runAt(run) + place.offset + place.floats);
        const ones = { shape, data: new Float32Array(elementCount(shape)).fill(1) };
        const real = new Float32Array(place.floats);
        writeParameter(place, ones, real);
        expect(
          real.some((value) => value === 0),
          name,
        ).toBe(true);
        expect(
          stored.some((value, at) => real[at] === 0 && value !== 0),
          `${run} ${name}`,
        ).toBe(false);
        expect(
          stored.some((value) => value !== 0),
          `${run} ${name}`,
        ).toBe(true);
      }
    }
    for (const { name } of stateShapes(spec, options.batchSize)) {
      const [, layer, part] = name.split('.');
      const word = part === 'h' ? 'trainHidden' : 'trainCell';
      const at = (base + (layout.training.layers[Number(layer)]?.get(word) ?? NaN)) / 4;
      const state = words.slice(at, at + options.batchSize * padded(spec.rnnSize));
      const padding = state.filter((_, index) => index % padded(spec.rnnSize) >= spec.rnnSize);
      expect(
        padding.every((value) => value === 0),
        name,
      ).toBe(true);
      expect(
        state.some((value) => value !== 0),
        name,
      ).toBe(true);
    }
  },
);
