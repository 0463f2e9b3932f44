import { describe, expect, it } from 'vitest';
import { changeOf, timesWords } from '../../../src/renderer/views/inside/changes.ts';
import { effectLevels, strongest } from '../../../src/renderer/views/inside/effects.ts';
import { reachOf } from '../../../src/renderer/views/inside/reach.ts';
import { activationWords, unitName } from '../../../src/renderer/views/inside/unit-words.ts';

describe('what changed between two texts', () => {
  it('is clear only beyond chance', () => {
    // 3.6 and 12.5 quotation marks for each 1,000 characters, as measured with a unit held high.
    expect(changeOf({ untouched: 3.6, held: 12.5 }, 10_000)).toBe('more');
    expect(changeOf({ untouched: 3.6, held: 12.5 }, 500)).toBe('unclear');
    expect(changeOf({ untouched: 3.6, held: 0.69 }, 10_000)).toBe('fewer');
    expect(changeOf({ untouched: 0, held: 0 }, 10_000)).toBe('unclear');
  });

  it('is rarely clear where nothing changed', () => {
    // Poisson counts with the same mean, from a separate generator.
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const poisson = (mean: number): number => {
      let count = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
      return count;
    };
    const trials = 2000;
    const clear = Array.from({ length: trials }, () =>
      changeOf({ untouched: poisson(12), held: poisson(12) }, 1000),
    ).filter((change) => change !== 'unclear').length;
    expect(clear / trials).toBeLessThan(0.01);
  });

  it('is said in words', () => {
    expect(timesWords({ untouched: 3.6, held: 12.5 })).toBe('3.5 times as many');
    expect(timesWords({ untouched: 2, held: 0 })).toBe('none now');
    expect(timesWords({ untouched: 0, held: 2 })).toBe('none before');
  });
});

describe('what mattered', () => {
  it('is compared with what mattered most, and absent where nothing did', () => {
    expect(effectLevels([0, 0.02, 0.1, 0.3, 1])).toEqual(['none', 'none', 'little', 'some', 'much']);
    expect(effectLevels([0.001, 0.002])).toEqual(['none', 'none']);
    expect(strongest([0.1, 0, 0.5, 0.3], 2)).toEqual([
      { index: 2, effect: 0.5 },
      { index: 3, effect: 0.3 },
    ]);
  });
});

describe('how far back', () => {
  it('is where the loss has come within one percent of its least', () => {
    const measured = [3.08, 2.65, 2.18, 1.67, 1.53, 1.503, 1.495];
    const points = [1, 2, 3, 5, 8, 12, 20].map((characters, index) => ({
      characters,
      loss: measured[index] ?? 0,
    }));
    expect(reachOf(points, 1.494)).toBe(12);
    expect(reachOf(points.slice(0, 3), 1.494)).toBeNull();
  });
});

describe('a unit in words', () => {
  const percentiles = Array.from({ length: 21 }, (_, step) => (step - 10) / 10);

  it('counts from one and says which number it is', () => {
    expect(unitName({ state: 'c', layer: 1, unit: 46 })).toBe('Layer 2, unit 47 (memory)');
  });

  it('says how its activation compares with all the text', () => {
    expect(activationWords(0.95, percentiles)).toBe('0.95, most active: higher than at 98 % of the text');
    expect(activationWords(-0.7, percentiles)).toBe('-0.7, quiet: lower than at 85 % of the text');
  });
});
