import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunksOf, createBatch, readChunk } from '../../../../src/engine/dataset/batches.ts';
import { moveFraction, testFraction } from '../../../../src/shared/planning/fractions.ts';
import { planChunks } from '../../../../src/shared/planning/plan.ts';
import { keptSymbols, stretchAt, stretchesBetween } from '../../../../src/shared/planning/streams.ts';

const plans = fc
  .record({
    characters: fc.integer({ min: 40, max: 2000 }),
    batchSize: fc.integer({ min: 1, max: 6 }),
    sequenceLength: fc.integer({ min: 1, max: 6 }),
    train: fc.integer({ min: 0, max: 100 }),
    validation: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ train, validation, ...shape }) =>
    planChunks({
      ...shape,
      trainFraction: train / 100,
      validationFraction: validation / 100,
      maxEpochs: 1,
      maxIterations: 0,
    }),
  );

describe('stretches of the text', () => {
  test('contain exactly the positions that training reads from each split', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        // Each position has a unique symbol, so that the inputs of a chunk show which positions it reads.
        const positions = Uint32Array.from({ length: plan.input.characters }, (_, position) => position);
        for (const split of ['train', 'validation', 'test'] as const) {
          const range = chunksOf(plan, split);
          for (let chunk = range.start; chunk < range.end; chunk++) {
            const batch = createBatch(plan);
            readChunk({ symbols: positions }, plan, chunk, batch);
            expect([...batch.x].map((position) => stretchAt(plan, position).place)).toEqual(
              Array.from(batch.x, () => split),
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('cover any part of the text without a gap, the dropped tail last', () => {
    fc.assert(
      fc.property(plans, fc.nat(1999), fc.nat(500), (plan, from, length) => {
        const { characters } = plan.input;
        const start = from % characters;
        const end = Math.min(characters, start + length + 1);
        const stretches = stretchesBetween(plan, start, end);
        expect(stretches[0]?.start).toBe(start);
        expect(stretches.at(-1)?.end).toBe(end);
        stretches.forEach((stretch, index) => {
          if (index > 0) expect(stretch.start).toBe(stretches[index - 1]?.end);
          expect(stretchAt(plan, stretch.start).place).toBe(stretch.place);
          expect(stretchAt(plan, stretch.end - 1).place).toBe(stretch.place);
          expect(stretch.place === 'dropped').toBe(stretch.start >= keptSymbols(plan));
        });
      }),
    );
  });
});

describe('three shares under three sliders', () => {
  test.each([
    ['train', 0.8, { train: 0.8, validation: 0.05 }],
    ['train', 1, { train: 1, validation: 0 }],
    ['validation', 0.2, { train: 0.8, validation: 0.2 }],
    ['test', 0.1, { train: 0.85, validation: 0.05 }],
    ['test', 0.97, { train: 0, validation: 0.03 }],
  ] as const)('%s to %s gives %j', (moved, value, expected) => {
    expect(moveFraction({ train: 0.95, validation: 0.05 }, moved, value)).toEqual(expected);
  });

  test('always add up to one, and the moved one is where it was put', () => {
    const shares = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    const names = fc.constantFrom('train', 'validation', 'test');
    fc.assert(
      fc.property(shares, names, fc.integer({ min: 0, max: 100 }), ([a, b], moved, value) => {
        const before = {
          train: Math.min(a, 100 - Math.min(b, 100 - a)) / 100,
          validation: Math.min(b, 100 - a) / 100,
        };
        const after = moveFraction(before, moved, value / 100);
        const all = { ...after, test: testFraction(after) };
        expect(all.train + all.validation + all.test).toBeCloseTo(1, 9);
        expect(all[moved]).toBeCloseTo(value / 100, 9);
      }),
    );
  });
});
