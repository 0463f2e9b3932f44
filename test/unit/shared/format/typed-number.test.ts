import { describe, expect, test } from 'vitest';
import { readTypedNumber } from '../../../../src/shared/format/typed-number.ts';

const temperature = { whole: false, minimum: 0.01, maximum: 10 };
const length = { whole: true, minimum: 1, maximum: 100_000_000 };
const wide = { whole: false, minimum: 0, maximum: 1e6 };

describe('a typed number', () => {
  test.each([
    ['1,5', temperature, 1.5],
    ['0,5', temperature, 0.5],
    [',5', temperature, 0.5],
    [' 1.5 ', temperature, 1.5],
    ['2.', temperature, 2],
    ['1e-1', temperature, 0.1],
    ['１．５', temperature, 1.5],
    ['1,250', temperature, 1.25],
    ['0,125', wide, 0.125],
    ['1.125', wide, 1.125],
    ['1.000,5', wide, 1000.5],
    ['1,000.5', wide, 1000.5],
    ['1 000,5', wide, 1000.5],
    ['1,000', length, 1000],
    ['1,000,000', length, 1_000_000],
    ['1.000.000', length, 1_000_000],
    ['1,00,000', length, 100_000],
    ['2 000', length, 2000],
    ['2\u202f000', length, 2000],
    ['12’000', length, 12_000],
    ['12.0', length, 12],
    ['−5', { whole: true, minimum: -10, maximum: 10 }, -5],
  ])('%j in %j is %d', (typed, limits, value) => {
    expect(readTypedNumber(typed, limits)).toEqual({ kind: 'number', value });
  });

  test.each([
    ['1.000', length, [1, 1000]],
    ['1,500', wide, [1500, 1.5]],
  ])('%j in %j is a question', (typed, limits, readings) => {
    const read = readTypedNumber(typed, limits);
    expect(read).toMatchObject({ kind: 'ambiguous' });
    if (read.kind === 'ambiguous') expect(read.readings.toSorted()).toEqual(readings.toSorted());
  });

  test.each([
    ['', length],
    ['12.7', length],
    ['1,5', length],
    ['1.2,3', temperature],
    ['20', temperature],
    ['2 00', length],
    ['1,,000', length],
    ['0x10', length],
    ['Infinity', wide],
    ['5 apples', length],
    ['1.2.3', wide],
  ])('%j in %j is none', (typed, limits) => {
    expect(readTypedNumber(typed, limits)).toEqual({ kind: 'none' });
  });
});
