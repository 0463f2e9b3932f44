import { beforeAll, expect, it } from 'vitest';
import { kernel, reads, writes } from '../../../../src/engine/backends/webgpu/wgsl/kernel.ts';
import { maskFunctions } from '../../../../src/engine/backends/webgpu/wgsl/masks.ts';
import { StepUniform, stepBytes } from '../../../../src/engine/backends/webgpu/wgsl/step.ts';
import { dropoutKeeps, dropoutKey } from '../../../../src/engine/random/dropout.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { networkOptions, randomNumbers } from '../../../support/networks.ts';
import { describeOnWebgpu, openSoftwareDevice } from '../../../support/webgpu.ts';
import { KernelBench } from '../../../support/webgpu-kernel.ts';

/** Random words, and those at which carrying and signs go wrong. */
const draw = randomNumbers(11);
const edges = [0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const elements = Uint32Array.from({ length: 4096 }, (_, i) =>
  i < 2048 ? i : (edges[i % 97] ?? Math.floor(draw() * 2 ** 32)),
);

/** Asks a card for the factors of four elements at a time, at every site of a model of three layers. */
const asking = kernel({
  // Any two buffers do.
  name: 'asking',
  bindings: [reads('batch', 'u32'), writes('gates')],
  threads: 64,
  declarations: maskFunctions,
  body: `
let i = group.x * 64u + lane;
gates[group.y * ${elements.length}u + i] = dropFactors(siteKey(group.y), batch[i]);`,
});

describeOnWebgpu('the dropout masks of a graphics card', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await openSoftwareDevice();
  });

  it.each([0.001, 0.2, 0.5, 0.999])('of dropout %d are those of every other backend', async (dropout) => {
    const spec: ModelSpec = {
      ...{ model: 'lstm', vocabularySize: 5, rnnSize: 7, numLayers: 3 },
      ...{ ...plainModel, dropout },
    };
    const sites = 7;
    const bench = new KernelBench(
      device,
      { batch: elements.length, gates: elements.length * sites * 4 },
      stepBytes,
    );
    bench.write('batch', elements);
    for (const [dropoutSeed, iteration] of [
      [77, 1],
      [0xffffffff, 0x80000001],
    ] as const) {
      const uniform = new StepUniform(spec, networkOptions(2, 3, { dropoutSeed }));
      uniform.setTraining({ iteration, learningRate: 1 });
      bench.setStep(uniform.bytes);
      await bench.run([{ kernel: asking, grid: [elements.length / 64, sites, 1] }]);
      const found = await bench.read('gates');
      const expected = Array.from({ length: sites }, (_, site) => dropoutKey(dropoutSeed, iteration, site))
        .flatMap((key) =>
          [...elements].flatMap((element) => [0, 1, 2, 3].map((i) => [key, element + i] as const)),
        )
        .map(([key, element]) => (dropoutKeeps(key, element, dropout) ? Math.fround(1 / (1 - dropout)) : 0));
      expect(found).toEqual(Float32Array.from(expected));
    }
  });
});
