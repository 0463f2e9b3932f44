import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTensorflowBackend } from '../../../src/engine/backends/tensorflow/backend.ts';
import { forecastBytes, variableBytes } from '../../../src/engine/backends/tensorflow/memory.ts';
import { buildNetworkGraph } from '../../../src/engine/backends/tensorflow/network-graph.ts';
import {
  fitsInto,
  isOutOfMemory,
  outOfMemoryError,
} from '../../../src/engine/backends/tensorflow/out-of-memory.ts';
import { settingsThatFit } from '../../../src/engine/backends/settings-that-fit.ts';
import { planGraph } from '../../../src/engine/backends/tensorflow/plan.ts';
import type { TensorflowRuntime } from '../../../src/engine/backends/tensorflow/runtime.ts';
import { plainModel, type ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { optimizerKinds } from '../../../src/shared/domain/optimizers.ts';
import { networkOptions } from '../../support/networks.ts';
import { describeError } from '../../../src/cli/report-error.ts';

const spec: ModelSpec = { model: 'lstm', vocabularySize: 65, rnnSize: 512, numLayers: 2, ...plainModel };
const options = networkOptions(500, 400);

/** Refuses to run: a network that does not fit must never get that far. */
const untouched: TensorflowRuntime = {
  load() {
    throw new Error('nothing should have been loaded');
  },
};

/** The settings that a proposal names, put in. */
function applied(
  found: ReturnType<typeof settingsThatFit>,
): readonly (readonly [ModelSpec, typeof options])[] {
  return found.map(({ setting, value }) => {
    if (setting === 'batchSize') return [spec, { ...options, batchSize: value }] as const;
    if (setting === 'sequenceLength') return [spec, { ...options, sequenceLength: value }] as const;
    return [{ ...spec, rnnSize: value }, options] as const;
  });
}

describe('the memory forecast', () => {
  it.each(['lstm', 'gru', 'rnn'] as const)(
    'counts the variables that the graph of a %s declares',
    (model) => {
      for (const kind of optimizerKinds) {
        for (const isModern of [false, true]) {
          const small: ModelSpec = {
            ...{ model, vocabularySize: 9, rnnSize: 8, numLayers: 3, dropout: 0.5 },
            layerNorm: isModern,
            residual: isModern ? 'on' : 'off',
          };
          const size = networkOptions(6, 13, {
            optimizer: { kind, decayRate: 0.95, weightDecay: 0.1 },
            averaging: isModern,
            weightDrop: isModern ? 0.3 : 0,
          });
          const graph = buildNetworkGraph(small, size, planGraph(small, size, { kind: 'cpu', threads: 2 }));
          expect(variableBytes(small, size)).toBe(graph.variableBytes);
        }
      }
    },
  );

  it('counts what the modern recipe adds', () => {
    const plain = forecastBytes(spec, options);
    expect(forecastBytes({ ...spec, layerNorm: true }, options)).toBeGreaterThan(1.3 * plain);
    expect(forecastBytes({ ...spec, residual: 'on' }, options)).toBeGreaterThan(plain);
    for (const added of [{ averaging: true }, { weightDrop: 0.3 }]) {
      expect(forecastBytes(spec, { ...options, ...added })).toBeGreaterThan(plain);
    }
    const muon = { ...options.optimizer, kind: 'muon' } as const;
    const adam = { ...options.optimizer, kind: 'adam' } as const;
    expect(forecastBytes(spec, { ...options, optimizer: muon })).toBeGreaterThan(
      forecastBytes(spec, { ...options, optimizer: adam }),
    );
  });

  it('proposes settings that fit, and the largest of them', () => {
    const budget = fc.double({ min: 1e8, max: forecastBytes(spec, options) - 1, noNaN: true });
    fc.assert(
      fc.property(budget, (bytes) => {
        const found = settingsThatFit(spec, options, fitsInto({ bytes, device: 'cpu' }));
        expect(found.length).toBeGreaterThan(0);
        for (const [model, size] of applied(found)) {
          expect(forecastBytes(model, size)).toBeLessThanOrEqual(bytes);
        }
        for (const [model, size] of applied(
          found.map(({ setting, value }) => ({ setting, value: value + 1 })),
        )) {
          expect(forecastBytes(model, size)).toBeGreaterThan(bytes);
        }
      }),
    );
  });

  it('proposes a smaller model where no batch is small enough', () => {
    const wide = { ...spec, rnnSize: 2048 };
    const size = networkOptions(10, 20);
    const [found, ...others] = settingsThatFit(wide, size, fitsInto({ bytes: 1e8, device: 'cpu' }));
    expect(found?.setting).toBe('rnnSize');
    expect(others).toEqual([]);
    expect(forecastBytes({ ...wide, rnnSize: found?.value ?? 0 }, size)).toBeLessThanOrEqual(1e8);
    expect(settingsThatFit(wide, size, fitsInto({ bytes: 1, device: 'cpu' }))).toEqual([]);
  });
});

describe('a network that is too large', () => {
  it('is refused before the start, with settings that would fit', async () => {
    const device = { kind: 'gpu', label: 'card', threads: 1, version: '2.18.1', memoryBytes: 8e9 } as const;
    const backend = createTensorflowBackend(untouched, device);
    const refusal: unknown = await backend.createNetwork(spec, options).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'bad-setting',
      message: expect.stringMatching(
        /^Training LSTM 2x512 with batches of 500 x 400 needs about [\d.]+ GB of memory; the graphics card has 8 GB\.$/,
      ) as unknown,
      fix: expect.stringMatching(/^Batch size \d+ or sequence length \d+ would fit\.$/) as unknown,
    });
  });

  it.each([
    'Session fail to run with error: OOM when allocating tensor with shape[200000,2048] and type float on /job:localhost',
    'Session fail to run with error: RESOURCE_EXHAUSTED: failed to allocate memory',
  ])('is recognised when memory runs out anyway: %s', (message) => {
    const cause = new Error(message);
    expect(isOutOfMemory(cause)).toBe(true);
    const error = outOfMemoryError(spec, options, { kind: 'gpu' }, cause);
    expect(error.message).toMatch(/memory ran out: training LSTM 2x512 .* needs about [\d.]+ GB\.$/);
    expect(error.fix).toMatch(/Batch size \d+ or sequence length \d+ would fit/);
    expect(describeError(error)).toMatch(/--batch-size \d+ or --seq-length \d+ would fit/);
  });

  it('is distinguished from other failures', () => {
    expect(isOutOfMemory(new Error('Incompatible shapes: [2] vs. [3]'))).toBe(false);
    expect(isOutOfMemory('OOM when allocating')).toBe(false);
  });
});
