import { describe, expect, it } from 'vitest';
import {
  checkMemory,
  forecastBytes,
  largestBufferBytes,
} from '../../../../src/engine/backends/webgpu/memory.ts';
import { describeError } from '../../../../src/cli/report-error.ts';
import { plainModel, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { networkOptions } from '../../../support/networks.ts';

const spec: ModelSpec = { model: 'lstm', vocabularySize: 65, rnnSize: 512, numLayers: 2, ...plainModel };
const options = networkOptions(50, 50);
/** What every device has. */
const guaranteed = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };

describe('the memory forecast of a graphics card', () => {
  it('counts what training adds', () => {
    const plain = forecastBytes(spec, options);
    const parameterBytes = 4 * 3_296_833;
    expect(plain).toBeGreaterThan(3 * parameterBytes);
    const adam = { ...options.optimizer, kind: 'adam' } as const;
    expect(forecastBytes(spec, { ...options, optimizer: adam }) - plain).toBeGreaterThanOrEqual(
      parameterBytes,
    );
    expect(forecastBytes(spec, { ...options, averaging: true }) - plain).toBeGreaterThanOrEqual(
      parameterBytes,
    );
    // Two matrices of 512 * 2048.
    expect(forecastBytes(spec, { ...options, weightDrop: 0.3 }) - plain).toBe(2 * 512 * 2048 * 4);
    // The output of each layer, a row of zeros after the hidden and the cell states, and the starts of records in 51 time steps of 50 rows.
    const records = forecastBytes(spec, { ...options, records: true }) - plain;
    const floats = 2 * 2500 * 512 + 2 * 512 + 51 * 50;
    // The batch is rounded up to vectors of four.
    expect(Math.abs(records - floats * 4)).toBeLessThan(16);
    // What each layer hands up, 2 * 2500 * 512.
    expect(forecastBytes({ ...spec, dropout: 0.5 }, options) - plain).toBe(2 * 2500 * 512 * 4);
  });

  it('finds nothing wrong with a usual model', () => {
    expect(() => checkMemory(spec, options, guaranteed)).not.toThrow();
  });

  it('refuses a buffer that a device cannot hold, with settings that fit', () => {
    const large = networkOptions(300, 100);
    let refusal: unknown;
    try {
      checkMemory(spec, large, guaranteed);
    } catch (error) {
      refusal = error;
    }
    expect(describeError(refusal)).toBe(
      'Training LSTM 2x512 with batches of 300 x 100 needs 492 MB of memory in one piece; the graphics card allows 134 MB.\n  --batch-size 81 or --seq-length 27 would fit.',
    );
    for (const change of [{ batchSize: 81 }, { sequenceLength: 27 }]) {
      expect(largestBufferBytes(spec, { ...large, ...change })).toBeLessThanOrEqual(2 ** 27);
    }
    expect(largestBufferBytes(spec, { ...large, batchSize: 82 })).toBeGreaterThan(2 ** 27);
  });
});
