import { describe, expect, it } from 'vitest';
import { describeChoices, describeLosses, trendOf } from '../../../../src/renderer/charts/sentences.ts';

const point = (iteration: number, loss: number) => ({ iteration, epoch: iteration / 100, loss });

describe('trendOf', () => {
  it('distinguishes falling, rising and level', () => {
    expect(trendOf([4, 3, 2, 1])).toBe('falling');
    expect(trendOf([1, 1, 1, 1.2])).toBe('rising');
    expect(trendOf([2, 2, 2.001, 1.999])).toBe('level');
    expect(trendOf([2])).toBe('level');
  });
});

describe('describeLosses', () => {
  it('says the last and the best value and the trend of both curves', () => {
    const smoothed = Float64Array.of(4, 3, 2, 1.5);
    const evaluations = [point(100, 2), point(200, 1.7), point(300, 1.75), point(400, 1.9)];
    expect(describeLosses(smoothed, 400, evaluations)).toBe(
      'Training loss 1.5000 at iteration 400, falling. Validation loss 1.9000, rising; lowest 1.7000 at epoch 2.00.',
    );
  });

  it('says when the last value is the best', () => {
    expect(describeLosses(Float64Array.of(2), 1, [point(1, 2)])).toContain(
      'Validation loss 2.0000; the lowest so far.',
    );
  });

  it('skips measurements that were not numbers', () => {
    expect(describeLosses(Float64Array.of(2), 9, [point(1, 2), point(2, Number.NaN)])).toContain(
      'Validation loss 2.0000',
    );
  });

  it('says that nothing is known yet', () => {
    expect(describeLosses(new Float64Array(), 0, [])).toBe('No measurements yet.');
  });
});

describe('describeChoices', () => {
  it('turns nats into a number of symbols', () => {
    // A die has six sides: ln 6 = 1.7918 nats.
    expect(describeChoices(Math.log(6))).toContain('among 6.0 equally likely symbols');
    expect(describeChoices(Math.log(250))).toContain('among 250 equally likely symbols');
  });

  it('does not count symbols that no script has', () => {
    expect(describeChoices(90)).toBe('far worse than random guessing');
  });
});
