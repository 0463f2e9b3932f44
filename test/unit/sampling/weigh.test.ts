import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { probabilities, draw } from '../../../src/engine/sampling/draw.ts';
import { weigh } from '../../../src/engine/sampling/weigh.ts';
import { RandomGenerator } from '../../../src/engine/random/random-generator.ts';
import {
  defaultSampleSettings,
  drawSettingsOf,
  type DrawSettings,
} from '../../../src/shared/domain/sample-settings.ts';

const off = drawSettingsOf(defaultSampleSettings);

function weighed(
  chances: readonly number[],
  changes: Partial<DrawSettings>,
  read: readonly number[] = [],
): readonly number[] {
  const into = new Float64Array(chances.length);
  weigh(Float32Array.from(chances, Math.log), { ...off, ...changes }, read, into);
  return Array.from(into);
}

const close = (values: readonly number[]): readonly unknown[] =>
  values.map((value): unknown => expect.closeTo(value, 6));

/**
 * The same by another road: over a list of pairs that gets shorter, with passages compared as strings. Nothing of draw.ts, weigh.ts or
 * repetition-guard.ts is used.
 */
function naive(
  logits: Float32Array,
  { temperature, topK, topP, minP, repetitionGuard, repetitionFactor }: DrawSettings,
  read: readonly number[],
): readonly number[] {
  type Pair = readonly [index: number, chance: number];
  const shared = (pairs: readonly Pair[]): Pair[] => {
    const sum = pairs.reduce((total, [, chance]) => total + chance, 0);
    return pairs.map(([index, chance]) => [index, chance / sum]);
  };
  const all = Array.from(logits, (logit, index): Pair => [index, Math.exp(logit / temperature)]);
  let left = shared(all).toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (topK > 0) left = shared(left.slice(0, topK));
  if (topP < 1) {
    const before = (place: number): number =>
      left.slice(0, place).reduce((total, [, chance]) => total + chance, 0);
    left = shared(left.filter((_, place) => before(place) < topP));
  }
  if (minP > 0) left = shared(left.filter(([, chance]) => chance >= minP * (left[0]?.[1] ?? 0)));
  if (repetitionGuard > 0) {
    const recent = read
      .slice(-1000)
      .map((index) => String.fromCharCode(97 + index))
      .join('');
    const context = repetitionGuard === 1 ? '' : recent.slice(1 - repetitionGuard);
    const times = (index: number): number => {
      const passage = context + String.fromCharCode(97 + index);
      if (passage.length < repetitionGuard) return 0;
      return Array.from(recent, (_, at) => recent.startsWith(passage, at)).filter(Boolean).length;
    };
    left = shared(left.map(([index, chance]) => [index, chance / repetitionFactor ** times(index)]));
  }
  const result = Array.from(logits, () => 0);
  for (const [index, chance] of left) result[index] = chance;
  return result;
}

describe('the weights that a symbol is drawn with', () => {
  const chances = [0.1, 0.4, 0.05, 0.3, 0.15];

  test('top-p keeps the fewest likeliest symbols that reach the share', () => {
    expect(weighed(chances, { topP: 0.65 })).toEqual(close([0, 4 / 7, 0, 3 / 7, 0]));
    expect(weighed(chances, { topP: 0.75 })).toEqual(close([0, 8 / 17, 0, 6 / 17, 3 / 17]));
    expect(weighed(chances, { topP: 1e-9 })).toEqual([0, 1, 0, 0, 0]);
  });

  test('min-p keeps what has that share of the likeliest', () => {
    expect(weighed(chances, { minP: 0.3 })).toEqual(close([0, 8 / 17, 0, 6 / 17, 3 / 17]));
    expect(weighed(chances, { minP: 0.2 })).toEqual(close([2 / 19, 8 / 19, 0, 6 / 19, 3 / 19]));
    expect(weighed(chances, { minP: 1 })).toEqual([0, 1, 0, 0, 0]);
    expect(weighed([0.4, 0.4, 0.2], { minP: 1 })).toEqual(close([0.5, 0.5, 0]));
  });

  test('the guard divides by the factor for each occurrence of the passage', () => {
    // After 0 1 came 2 twice and 3 once.
    const read = [0, 1, 2, 0, 1, 2, 0, 1, 3, 0, 1];
    const weights = [0.1, 0.4, 0.05 / 100, 0.3 / 10, 0.15];
    const sum = weights.reduce((total, weight) => total + weight, 0);
    expect(weighed(chances, { repetitionGuard: 3, repetitionFactor: 10 }, read)).toEqual(
      close(weights.map((weight) => weight / sum)),
    );
    expect(weighed(chances, { repetitionGuard: 12 }, read)).toEqual(weighed(chances, {}));
  });

  test('the guard looks back over 1,000 symbols, and leaves the last possible symbol possible', () => {
    const far = [0, 1, ...Array.from({ length: 998 }, () => 4), 0];
    expect(weighed(chances, { repetitionGuard: 2 }, far)).toEqual(weighed(chances, {}));
    expect(weighed(chances, { repetitionGuard: 2 }, far.toSpliced(5, 1))[1]).toBeLessThan(0.1);
    const loop = Array.from({ length: 1000 }, () => 1);
    const strong = { repetitionGuard: 2, repetitionFactor: 1_000_000 };
    expect(weighed(chances, { ...strong, topK: 1 }, loop)).toEqual([0, 1, 0, 0, 0]);
    expect(weighed(chances, strong, loop)[1]).toBe(0);
  });

  test('temperature comes first, then top-k, top-p, min-p and the guard, each on what is left', () => {
    // At temperature 0.5 the two likeliest have 0.64 and 0.36 of what is left: top-p would keep both at temperature 1.
    expect(weighed(chances, { temperature: 0.5, topK: 2, topP: 0.6 })).toEqual([0, 1, 0, 0, 0]);
    expect(weighed(chances, { topK: 2, topP: 0.6 })).toEqual(close([0, 4 / 7, 0, 3 / 7, 0]));
    // The guard comes last: it cannot restore what the others have left out.
    expect(weighed(chances, { topP: 0.3, repetitionGuard: 2 }, [1, 1])).toEqual([0, 1, 0, 0, 0]);
  });

  test('agrees with another implementation', () => {
    const symbol = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 5, maxLength: 5 }),
        fc.array(symbol, { maxLength: 60 }),
        fc.record({
          temperature: fc.constantFrom(0.3, 0.8, 1, 2),
          topK: fc.integer({ min: 0, max: 6 }),
          topP: fc.constantFrom(1, 0.917, 0.613, 0.211),
          minP: fc.constantFrom(0, 0.0371, 0.311),
          repetitionGuard: fc.integer({ min: 0, max: 5 }),
          repetitionFactor: fc.constantFrom(1, 3, 50),
        }),
        (hundredths, read, changes) => {
          const logits = Float32Array.from(hundredths, (value) => value / 100);
          const settings = { ...off, ...changes };
          const into = new Float64Array(5);
          weigh(logits, settings, read, into);
          naive(logits, settings, read).forEach((value, index) => expect(into[index]).toBeCloseTo(value, 9));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('changes no bit while it is off', () => {
    const logits = Float32Array.of(1.37, -2.2, 0.4, 3.1);
    const plain = new Float64Array(4);
    probabilities(logits, 0.83, plain);
    const into = new Float64Array(4);
    weigh(logits, { ...off, temperature: 0.83, repetitionFactor: 100 }, [1, 1, 1], into);
    expect(into).toEqual(plain);
  });

  test('are what symbols are drawn by', () => {
    const settings = { ...off, temperature: 1.3, topP: 0.9, repetitionGuard: 2, repetitionFactor: 4 };
    const logits = Float32Array.from(chances, Math.log);
    const read = [3, 1, 0, 3];
    const expected = naive(logits, settings, read);
    const into = new Float64Array(5);
    weigh(logits, settings, read, into);
    const generator = RandomGenerator.seeded('sampling', 11);
    const draws = 40_000;
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < draws; i++) {
      const index = draw(into, generator);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[2]).toBe(0);
    // Chi squared with three degrees of freedom: 21.1 is exceeded once in ten thousand seeds.
    const distance = [0, 1, 3, 4].reduce((sum, index) => {
      const mean = (expected[index] ?? 0) * draws;
      return sum + ((counts[index] ?? 0) - mean) ** 2 / mean;
    }, 0);
    expect(distance).toBeLessThan(21.1);
  });
});
