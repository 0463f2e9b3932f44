import { describe, expect, it } from 'vitest';
import { ProgressEstimate } from '../../../src/renderer/stores/progress-estimate.ts';

describe('an estimate from progress', () => {
  it('is exact for steady work, whatever came before its first progress', () => {
    let now = 60_000;
    const estimate = new ProgressEstimate(() => now);
    // Work that takes 100 seconds.
    const at = (seconds: number): number | null => {
      now = 60_000 + 1000 * seconds;
      return estimate.left(seconds / 100);
    };
    expect(at(0)).toBeNull();
    expect(at(2)).toBeNull();
    expect(at(20)).toBeCloseTo(80_000, 6);
    expect(at(75)).toBeCloseTo(25_000, 6);
    expect(at(100)).toBeCloseTo(0, 6);
  });

  it('waits until enough is done, and begins again when the work does', () => {
    let now = 0;
    const estimate = new ProgressEstimate(() => now);
    estimate.left(0);
    now = 30_000;
    expect(estimate.left(0.001)).toBeNull();
    now = 40_000;
    expect(estimate.left(0.5)).toBeCloseTo(40_000, 6);
    expect(estimate.left(0)).toBeNull();
    now = 50_000;
    expect(estimate.left(0.5)).toBeCloseTo(10_000, 6);
  });
});
