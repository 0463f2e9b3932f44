import { expect, test } from 'vitest';
import { RandomGenerator } from '../../../src/engine/random/random-generator.ts';

test("is xoshiro128** 1.1: the authors' algorithm written down in Python gives the same from the state 1, 2, 3, 4", () => {
  const generator = RandomGenerator.restored([1, 2, 3, 4]);
  expect(Array.from({ length: 8 }, () => generator.nextUint32())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849,
  ]);
});

test('the same seed and purpose give the same numbers, different ones others', () => {
  const first = (purpose: 'initialisation' | 'sampling', seed: number): number =>
    RandomGenerator.seeded(purpose, seed).nextUint32();
  expect(first('sampling', 123)).toBe(first('sampling', 123));
  const drawn = [
    first('sampling', 123),
    first('sampling', 124),
    first('initialisation', 123),
    first('sampling', 0),
  ];
  expect(new Set(drawn).size).toBe(4);
});

test('doubles are in [0, 1) with the moments of a uniform distribution', () => {
  const generator = RandomGenerator.seeded('sampling', 1);
  const values = Array.from({ length: 100_000 }, () => generator.nextDouble());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  // Five standard errors: 1/sqrt(12 * 100,000) and 2/sqrt(45 * 100,000).
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * 0.00092);
  expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * 0.00095);
});

test('continues from a saved state', () => {
  const generator = RandomGenerator.seeded('sampling', 7);
  generator.nextDouble();
  const copy = RandomGenerator.restored(generator.state());
  expect(copy.nextDouble()).toBe(generator.nextDouble());
  expect(() => RandomGenerator.restored([1, 2, 3])).toThrow(RangeError);
});
