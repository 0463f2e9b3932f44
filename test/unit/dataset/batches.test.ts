import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunksOf, createBatch, readChunk, splitAt } from '../../../src/engine/dataset/batches.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { planInput } from '../../support/plan-input.ts';

const count = (length: number) => Uint16Array.from({ length }, (_, index) => index);

describe('chunks as char-rnn reads them', () => {
  test('rows are streams, chunks are columns, the last target wraps', () => {
    const plan = planChunks(
      planInput(13, { batchSize: 2, sequenceLength: 3, trainFraction: 0.5, validationFraction: 0.5 }),
    );
    const batch = createBatch(plan);
    readChunk({ symbols: count(13) }, plan, 0, batch);
    expect([...batch.x]).toEqual([0, 1, 2, 6, 7, 8]);
    expect([...batch.y]).toEqual([1, 2, 3, 7, 8, 9]);
    readChunk({ symbols: count(13) }, plan, 1, batch);
    expect([...batch.x]).toEqual([3, 4, 5, 9, 10, 11]);
    expect([...batch.y]).toEqual([4, 5, 6, 10, 11, 0]);
  });

  test('all chunks together are the kept text, each symbol once, and splitAt agrees with chunksOf', () => {
    const small = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 400 }), (batchSize, sequenceLength, n) => {
        const fractions = { trainFraction: 0.6, validationFraction: 0.2 };
        const plan = planChunks(planInput(n, { batchSize, sequenceLength, ...fractions }));
        const symbols = count(n);
        const kept = n - plan.dropped;
        const batch = createBatch(plan);
        const seen = new Map<number, string>();
        for (const split of ['train', 'validation', 'test'] as const) {
          const { start, end } = chunksOf(plan, split);
          for (let chunk = start; chunk < end; chunk += 1) {
            readChunk({ symbols }, plan, chunk, batch);
            batch.x.forEach((symbol) => seen.set(symbol, split));
            expect([...batch.y]).toEqual([...batch.x].map((symbol) => (symbol + 1) % kept));
          }
        }
        expect(seen.size).toBe(kept);
        for (const position of symbols) expect(splitAt(plan, position)).toBe(seen.get(position) ?? 'dropped');
      }),
    );
  });

  test('a missing chunk or another text throws', () => {
    const plan = planChunks(planInput(5000));
    const batch = createBatch(plan);
    expect(() => readChunk({ symbols: count(5000) }, plan, 2, batch)).toThrow(RangeError);
    expect(() => readChunk({ symbols: count(5000) }, plan, -1, batch)).toThrow(RangeError);
    expect(() => readChunk({ symbols: count(4999) }, plan, 0, batch)).toThrow(RangeError);
  });
});
