import { describe, expect, it } from 'vitest';
import { describeX, formatX } from '../../../../src/renderer/charts/axes.ts';
import { extent, moved, zoomed } from '../../../../src/renderer/charts/range.ts';
import { lowerBound, nearestIndex } from '../../../../src/renderer/charts/search.ts';

const whole = { min: 0, max: 100 };

describe('the visible part of an axis', () => {
  it('spans all curves and leaves room around a single point', () => {
    expect(extent([Float64Array.of(1, 5), new Float64Array(), Float64Array.of(3, 9)])).toEqual({
      min: 1,
      max: 9,
    });
    expect(extent([Float64Array.of(4)])).toEqual({ min: 3.5, max: 4.5 });
    expect(extent([new Float64Array()])).toBeNull();
  });

  it('zooms about the middle and never shows more than there is', () => {
    expect(zoomed(whole, whole, 0.5)).toEqual({ min: 25, max: 75 });
    expect(zoomed({ min: 80, max: 100 }, whole, 2)).toEqual({ min: 60, max: 100 });
    expect(zoomed({ min: 25, max: 75 }, whole, 4)).toEqual(whole);
  });

  it('moves as far as the edge', () => {
    expect(moved({ min: 25, max: 75 }, whole, -0.25)).toEqual({ min: 12.5, max: 62.5 });
    expect(moved({ min: 70, max: 90 }, whole, 1)).toEqual({ min: 80, max: 100 });
  });
});

describe('search in ascending values', () => {
  const values = Float64Array.of(1, 2, 2, 5);

  it('finds the first value that is not below the target', () => {
    expect([0, 1, 2, 3, 5, 6].map((target) => lowerBound(values, target))).toEqual([0, 0, 1, 3, 3, 4]);
  });

  it('finds the nearest value', () => {
    expect([-9, 1.4, 3.4, 3.6, 99].map((target) => values[nearestIndex(values, target)])).toEqual([
      1, 1, 2, 5, 5,
    ]);
    expect(nearestIndex(new Float64Array(), 1)).toBe(-1);
  });
});

describe('values of an axis as text', () => {
  it('are rounded numbers', () => {
    expect(formatX('iteration', 2400)).toBe('2,400');
    expect(formatX('epoch', 5.6738)).toBe('5.67');
    expect(describeX('time', 95_000)).toBe('after 1 min 35 s');
    expect(describeX('iteration', 21_000)).toBe('iteration 21,000');
  });
});
