import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestShape } from '../../../../src/shared/planning/fix.ts';

/** Tries every shape there is. */
function bruteForce(batchSize: number, sequenceLength: number, area: number): number {
  let best = 0;
  for (let b = 1; b <= batchSize; b += 1) {
    for (let s = 1; s <= sequenceLength; s += 1) {
      const distance = Math.abs(Math.log2(b / s / (batchSize / sequenceLength)));
      if (b * s <= area && distance <= 1) best = Math.max(best, b * s);
    }
  }
  return best;
}

describe('the largest batch that fits', () => {
  test.each([
    [50, 50, 200, { batchSize: 10, sequenceLength: 20 }],
    [50, 50, 2499, { batchSize: 49, sequenceLength: 50 }],
    [1, 50, 10, { batchSize: 1, sequenceLength: 10 }],
    [100, 25, 400, { batchSize: 40, sequenceLength: 10 }],
    [50, 50, 1, { batchSize: 1, sequenceLength: 1 }],
    [65_536, 1, 1, { batchSize: 1, sequenceLength: 1 }],
  ])('%i x %i within %i', (batchSize, sequenceLength, area, expected) => {
    expect(largestShape({ batchSize, sequenceLength }, area)).toEqual(expected);
  });

  test.each([
    [50, 50, 40, 16, { batchSize: 2, sequenceLength: 20 }],
    [65_536, 25, 2886, 16, { batchSize: 180, sequenceLength: 16 }],
    [100, 25, 400, 16, { batchSize: 25, sequenceLength: 16 }],
  ])('%i x %i within %i, sequences of %i and more', (batchSize, sequenceLength, area, shortest, expected) => {
    expect(largestShape({ batchSize, sequenceLength }, area, shortest)).toEqual(expected);
  });

  test('does not exist for a sequence that is too short', () => {
    expect(largestShape({ batchSize: 50, sequenceLength: 50 }, 15, 16)).toBeNull();
    expect(largestShape({ batchSize: 50, sequenceLength: 10 }, 100, 16)).toBeNull();
  });

  test('does not exist for an empty text', () => {
    expect(largestShape({ batchSize: 50, sequenceLength: 50 }, 0)).toBeNull();
  });

  test('no shape of near proportions is larger', () => {
    // Within the proportions that are kept: beyond 16 to 1 a proposal is less lopsided than what was chosen.
    const size = fc.integer({ min: 5, max: 60 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 3600 }), (batchSize, sequenceLength, area) => {
        const shape = largestShape({ batchSize, sequenceLength }, area);
        const found = shape ? shape.batchSize * shape.sequenceLength : 0;
        expect(found).toBeLessThanOrEqual(area);
        const best = bruteForce(batchSize, sequenceLength, area);
        if (best > 0) expect(found).toBe(best);
      }),
      { numRuns: 300 },
    );
  });
});
