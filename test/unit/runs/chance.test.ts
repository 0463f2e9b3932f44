import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithinChance, margin, meanParts, studentT } from '../../../src/runs/chance.ts';

test.each([
  // From a printed table of Student's distribution, two-sided 95 %.
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [10, 2.228],
  [22, 2.074],
  [31, 2.04],
])('t with %i degrees of freedom is %f', (freedom, printed) => {
  expect(Math.abs(studentT(freedom) / printed - 1)).toBeLessThan(0.01);
});

describe('the margin of a loss', () => {
  test('of 1, 2, 3, 4, 5: deviation 1.5811, standard error 0.7071, t 2.776', () => {
    expect(margin([1, 2, 3, 4, 5])).toBeCloseTo(2.776 * 0.7071, 2);
  });

  test('is not known from fewer than three parts', () => {
    expect([margin(undefined), margin([]), margin([1]), margin([1, 2])]).toEqual([null, null, null, null]);
  });

  test('holds the true mean of a known source 95 times in 100', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const parts = (): number[] => Array.from({ length: 8 }, () => 1.5 + 0.1 * normal());
    const hits = Array.from({ length: 4000 }, parts).filter((sample) => {
      const middle = sample.reduce((sum, part) => sum + part, 0) / sample.length;
      return Math.abs(middle - 1.5) <= (margin(sample) ?? 0);
    });
    expect(hits.length / 4000).toBeGreaterThan(0.935);
    expect(hits.length / 4000).toBeLessThan(0.965);
  });
});

describe('the difference of two losses', () => {
  const hard = [1.2, 1.9, 1.4, 1.6, 1.5];

  test('that is the same in every part is beyond chance, however much the parts differ', () => {
    const better = hard.map((part) => part - 0.01);
    expect(isWithinChance(hard, better)).toBe(false);
    expect(margin(hard)).toBeGreaterThan(0.2);
  });

  test('that differs in sign from part to part is within chance', () => {
    expect(isWithinChance(hard, [1.25, 1.86, 1.44, 1.55, 1.52])).toBe(true);
  });

  test('is unknown for different splits, or for too few parts', () => {
    expect(isWithinChance(hard, hard.slice(1))).toBeNull();
    expect(isWithinChance(hard, undefined)).toBeNull();
    expect(isWithinChance([1, 2], [1, 2])).toBeNull();
  });

  test('does not depend on which comes first, and nothing differs from itself', () => {
    const losses = fc.array(
      fc.tuple(fc.float({ min: 0, max: 9, noNaN: true }), fc.float({ min: 0, max: 9, noNaN: true })),
      {
        minLength: 3,
        maxLength: 32,
      },
    );
    fc.assert(
      fc.property(losses, (pairs) => {
        const [a, b] = [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
        expect(isWithinChance(a, b)).toBe(isWithinChance(b, a));
        expect(isWithinChance(a, a)).toBe(true);
      }),
    );
  });
});

test('the mean of evaluations is taken part by part, and needs all of them', () => {
  expect(
    meanParts([
      [1, 2],
      [3, 4],
    ]),
  ).toEqual([2, 3]);
  expect(meanParts([[1, 2], undefined])).toBeUndefined();
  expect(meanParts([[1, 2], [3]])).toBeUndefined();
  expect(meanParts([])).toBeUndefined();
});
