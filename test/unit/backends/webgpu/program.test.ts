import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferFloats } from '../../../../src/engine/backends/webgpu/buffers.ts';
import { designOf } from '../../../../src/engine/backends/webgpu/design.ts';
import { cutDispatches, dispatchOf, type Grid } from '../../../../src/engine/backends/webgpu/dispatch.ts';
import { evaluationProgram, trainingProgram } from '../../../../src/engine/backends/webgpu/program.ts';
import { backwardWaves, forwardWaves } from '../../../../src/engine/backends/webgpu/waves.ts';
import { kernel } from '../../../../src/engine/backends/webgpu/wgsl/kernel.ts';
import { cellKinds } from '../../../../src/shared/domain/cells.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { optimizerKinds } from '../../../../src/shared/domain/optimizers.ts';
import { networkOptions } from '../../../support/networks.ts';

/** What every device has: https://www.w3.org/TR/webgpu/#limit-default */
const guaranteed = {
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const roomy = { maxComputeWorkgroupStorageSize: 32_768 };

const sizes = fc.record({
  layers: fc.integer({ min: 1, max: 5 }),
  times: fc.integer({ min: 1, max: 60 }),
  chunk: fc.integer({ min: 1, max: 12 }),
});

describe('waves', () => {
  it('compute each time step of each layer once, after everything it depends on', () => {
    fc.assert(
      fc.property(sizes, ({ layers, times, chunk: wanted }) => {
        const depth = { layers, times, chunk: Math.min(wanted, times) };
        const done = new Set<string>();
        const input = new Set<string>();
        for (const step of forwardWaves(depth)) {
          if (step.kind === 'rows') {
            for (let time = step.firstTime; time < step.firstTime + step.times; time++) {
              expect(done).toContain(`${step.layer - 1} ${time}`);
              input.add(`${step.layer} ${time}`);
            }
          } else {
            for (let index = 0; index < step.layers; index++) {
              const [layer, time] = [step.layer + index, step.time - index * step.lag];
              if (time > 0) expect(done).toContain(`${layer} ${time - 1}`);
              if (layer > 0) expect(input).toContain(`${layer} ${time}`);
            }
            for (let index = 0; index < step.layers; index++) {
              done.add(`${step.layer + index} ${step.time - index * step.lag}`);
            }
          }
        }
        expect(done.size).toBe(layers * times);
      }),
    );
  });

  it('run backwards in reverse order', () => {
    fc.assert(
      fc.property(sizes, ({ layers, times, chunk: wanted }) => {
        const depth = { layers, times, chunk: Math.min(wanted, times) };
        const done = new Set<string>();
        const input = new Set<string>();
        for (const step of backwardWaves(depth)) {
          if (step.kind === 'rows') {
            for (let time = step.firstTime; time < step.firstTime + step.times; time++) {
              expect(done).toContain(`${step.layer + 1} ${time}`);
              input.add(`${step.layer} ${time}`);
            }
          } else {
            for (let index = 0; index < step.layers; index++) {
              const [layer, time] = [step.layer - index, step.time + index * step.lag];
              if (time < times - 1) expect(done).toContain(`${layer} ${time + 1}`);
              if (layer < layers - 1) expect(input).toContain(`${layer} ${time}`);
              done.add(`${layer} ${time}`);
            }
          }
        }
        expect(done.size).toBe(layers * times);
      }),
    );
  });
});

describe('a program', () => {
  const specs: fc.Arbitrary<ModelSpec> = fc.record({
    model: fc.constantFrom(...cellKinds),
    vocabularySize: fc.constantFrom(1, 2, 65, 66, 5000, 70_000),
    rnnSize: fc.constantFrom(1, 16, 20, 48, 128, 200, 512, 1024),
    numLayers: fc.constantFrom(1, 2, 5),
    dropout: fc.constantFrom(0, 0.5),
    layerNorm: fc.boolean(),
    residual: fc.constantFrom('off', 'on'),
  });
  const batches = fc.tuple(fc.constantFrom(1, 2, 5, 6, 50, 64, 100), fc.constantFrom(1, 13, 50, 100));

  const trainings = fc.record({
    weightDrop: fc.constantFrom(0, 0.3),
    records: fc.boolean(),
    clip: fc.record({ by: fc.constantFrom('element', 'norm'), bound: fc.constant(1) }),
    optimizer: fc.record({
      kind: fc.constantFrom(...optimizerKinds),
      decayRate: fc.constant(0.95),
      weightDecay: fc.constantFrom(0, 0.1),
    }),
  });

  it('is within what every device has', () => {
    fc.assert(
      fc.property(specs, batches, trainings, (spec, [batchSize, sequenceLength], training) => {
        const options = networkOptions(batchSize, sequenceLength, { averaging: true, ...training });
        const design = designOf(spec, options, guaranteed);
        const buffers = bufferFloats(design);
        for (const { kernel: used, grid } of [...trainingProgram(design), ...evaluationProgram(design)]) {
          expect(used.workgroupBytes, used.name).toBeLessThanOrEqual(
            guaranteed.maxComputeWorkgroupStorageSize,
          );
          expect(used.threads, used.name).toBeLessThanOrEqual(guaranteed.maxComputeInvocationsPerWorkgroup);
          expect(used.bindings.length, used.name).toBeLessThanOrEqual(
            guaranteed.maxStorageBuffersPerShaderStage,
          );
          expect(Math.max(...grid), used.name).toBeLessThanOrEqual(
            guaranteed.maxComputeWorkgroupsPerDimension,
          );
          for (const { buffer } of used.bindings) expect([...buffers.keys()]).toContain(buffer);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('uses more of a workgroup where a device has more', () => {
    const spec: ModelSpec = { model: 'lstm', vocabularySize: 65, rnnSize: 128, numLayers: 2, ...plainModel };
    const most = (limits: typeof roomy): number =>
      Math.max(
        ...trainingProgram(designOf(spec, networkOptions(50, 50), limits)).map(
          (each) => each.kernel.workgroupBytes,
        ),
      );
    expect(most(roomy)).toBeGreaterThan(guaranteed.maxComputeWorkgroupStorageSize);
    expect(most(roomy)).toBeLessThanOrEqual(roomy.maxComputeWorkgroupStorageSize);
  });

  it('takes few dispatches', () => {
    const count = (model: ModelSpec['model'], layerNorm = false): number =>
      trainingProgram(
        designOf(
          { model, vocabularySize: 65, rnnSize: 128, numLayers: 2, ...plainModel, layerNorm },
          networkOptions(50, 50),
          guaranteed,
        ),
      ).length;
    // 60 waves each way, 5 products of inputs each way, and what comes once; a GRU has two phases a wave.
    expect(count('lstm')).toBeLessThanOrEqual(145);
    expect(count('rnn')).toBeLessThanOrEqual(145);
    expect(count('gru')).toBeLessThanOrEqual(266);
    // Normalised rows run ten time steps in one dispatch: 6 waves each way.
    for (const model of cellKinds) expect(count(model, true)).toBeLessThanOrEqual(40);
  });
});

describe('a dispatch that takes too long', () => {
  const shader = kernel({ name: 'any', bindings: [], threads: 1, body: '' });

  it('is cut into pieces that cover its grid once', () => {
    const grids = fc.tuple(...[9, 7, 5].map((max) => fc.integer({ min: 1, max }))) as fc.Arbitrary<
      [number, number, number]
    >;
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 100 }), (grid, most) => {
        const pieces = cutDispatches([dispatchOf(shader, grid, 100)], most);
        const cells = pieces.flatMap(({ base, grid: size }) => placesOf(base, size));
        expect(new Set(cells).size).toBe(cells.length);
        expect(cells.sort()).toEqual(placesOf([0, 0, 0], grid).sort());
        expect(pieces.reduce((total, { work }) => total + work, 0)).toBeCloseTo(100);
        const finest = 100 / Math.max(...grid);
        for (const { work } of pieces) expect(work).toBeLessThanOrEqual(Math.max(most * 2, finest + 1e-9));
      }),
    );
  });

  function placesOf(base: Grid, [x, y, z]: Grid): string[] {
    const places: string[] = [];
    for (let i = 0; i < x; i++) {
      for (let j = 0; j < y; j++) {
        for (let k = 0; k < z; k++) places.push([base[0] + i, base[1] + j, base[2] + k].join());
      }
    }
    return places;
  }
});
