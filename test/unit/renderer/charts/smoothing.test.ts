import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth, smoothingWeight } from '../../../../src/renderer/charts/smoothing.ts';

/** The definition: every value weighs `weight` times as much as the one after it, and all weights together are one. */
function slowMean(values: readonly number[], end: number, weight: number): number {
  let sum = 0;
  let weights = 0;
  for (let index = 0; index <= end; index++) {
    const share = weight ** (end - index);
    sum += share * (values[index] ?? 0);
    weights += share;
  }
  return sum / weights;
}

describe('smooth', () => {
  it('is the documented weighted mean, from the first value on', () => {
    const values = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.5, 0.8, 0.95), (list, weight) => {
        const smoothed = smooth(Float64Array.from(list), weight);
        smoothed.forEach((value, index) => expect(value).toBeCloseTo(slowMean(list, index, weight), 9));
      }),
    );
  });

  it('starts at the first value instead of near zero', () => {
    expect(smooth(Float64Array.of(4.17, 4.17, 4.17), 0.95)[0]).toBeCloseTo(4.17, 12);
  });

  it('skips what is not a number', () => {
    const [first, gap, after] = smooth(Float64Array.of(2, Number.NaN, 2), 0.9);
    expect(first).toBeCloseTo(2, 12);
    expect(gap).toBeNaN();
    expect(after).toBeCloseTo(2, 12);
  });
});

describe('smoothingWeight', () => {
  it('turns a span into the weight whose mean age of values is the span less one', () => {
    const weight = smoothingWeight(20);
    let age = 0;
    for (let index = 0; index < 10_000; index++) age += index * weight ** index * (1 - weight);
    expect(age).toBeCloseTo(19, 6);
    expect(smoothingWeight(1)).toBe(0);
  });
});
