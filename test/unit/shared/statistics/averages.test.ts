import { expect, test } from 'vitest';
import { mean, median } from '../../../../src/shared/statistics/averages.ts';

test('a mean is summed in order, to the bit', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([1e16, 1, -1e16, 1])).toBe(0.25);
  expect(mean([])).toBeNaN();
});

test('a median is the middle value, or the mean of the two middle ones', () => {
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, -1, 3, 100])).toBe(3.5);
  expect(median([])).toBeNaN();
});
