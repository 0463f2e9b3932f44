import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressBar, progressLine } from '../../../src/cli/train/progress-bar.ts';
import { RunClock } from '../../../src/cli/train/run-clock.ts';

const status = {
  iteration: 1234,
  iterations: 21_150,
  epoch: 2.917,
  iterationsPerEpoch: 423,
  loss: 1.54321,
  charactersPerSecond: 96_774.2,
  remaining: 500_000,
};

describe('the progress bar', () => {
  test('says everything where there is room', () => {
    expect(progressBar(status, 120)).toBe(
      '  5 %  [#-------------------]  1,234 of 21,150  epoch 2.92 of 50  loss 1.5432  96,774 characters/s  8 min 20 s left',
    );
  });

  test('never fills the last column, whatever the numbers', () => {
    const numbers = fc.record({
      iteration: fc.nat(1e9),
      iterations: fc.nat(1e9),
      iterationsPerEpoch: fc.nat(1e9),
      epoch: fc.double({ min: 0, max: 1e6, noNaN: true }),
      loss: fc.oneof(fc.double({ min: 0, max: 100 }), fc.constant(Infinity)),
      charactersPerSecond: fc.double({ min: 0, max: 1e9 }),
      remaining: fc.double({ min: 0, max: 1e12 }),
    });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 10, max: 200 }), (some, columns) => {
        expect(progressBar(some, columns).length).toBeLessThan(columns);
      }),
    );
  });

  test('leaves out what is not known yet', () => {
    expect(progressLine({ ...status, remaining: Number.NaN })).toBe(
      'iteration 1,234 of 21,150 (epoch 2.92 of 50): loss 1.5432, 96,774 characters/s',
    );
  });
});

describe('the run clock', () => {
  test('is exact for a steady run from the first step on', () => {
    const clock = new RunClock(2500);
    expect(clock.remaining(10, 0)).toBeNaN();
    for (let i = 0; i < 3; i++) clock.addStep(2, 25);
    expect(clock.loss).toBeCloseTo(2, 12);
    expect(clock.charactersPerSecond).toBeCloseTo(100_000, 6);
    clock.addEvaluation(200);
    expect(clock.remaining(10, 2)).toBeCloseTo(650, 6);
  });

  test('forgets: an old loss fades, a broken step leaves no trace', () => {
    const clock = new RunClock(1);
    for (let i = 0; i < 10; i++) clock.addStep(4, 1);
    for (let i = 0; i < 200; i++) clock.addStep(1, 1);
    clock.addStep(null, 1);
    expect(clock.loss).toBeGreaterThan(1);
    expect(clock.loss).toBeLessThan(1.01);
  });
});
