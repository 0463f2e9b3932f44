import { describe, expect, test } from 'vitest';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { explosionKind, isEvaluationDue, nextLearningRate } from '../../../src/engine/training/schedule.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';

/** tinyshakespeare with defaults: 423 iterations per epoch, 21,150 in all. */
const plan = planChunks({
  characters: 1_115_394,
  batchSize: 50,
  sequenceLength: 50,
  trainFraction: 0.95,
  validationFraction: 0.05,
  maxEpochs: 50,
  maxIterations: 0,
});

/** The rate that each iteration trains with, from the first on. */
function rates(settings = defaultRunSettings): number[] {
  const result: number[] = [];
  let rate = settings.learningRate;
  for (let iteration = 1; iteration <= plan.iterations; iteration++) {
    result.push(rate);
    rate = nextLearningRate(rate, iteration, settings, plan);
  }
  return result;
}

describe('the learning rate', () => {
  test('is 0.002 for ten epochs, then 0.002 * 0.97^(epoch - 10), as in char-rnn', () => {
    const all = rates();
    for (const [iteration, epoch] of [1, 423, 424, 4229, 4230, 4231, 4653, 4654, 21_150].map(
      (i) => [i, Math.ceil(i / 423)] as const,
    )) {
      expect(all[iteration - 1], `iteration ${iteration}`).toBeCloseTo(
        0.002 * 0.97 ** Math.max(0, epoch - 10),
        12,
      );
    }
  });

  test('stays where it is when the decay is 1, and decays from the first epoch when after is 0 or 1', () => {
    expect(new Set(rates({ ...defaultRunSettings, learningRateDecay: 1 })).size).toBe(1);
    for (const learningRateDecayAfter of [0, 1]) {
      expect(rates({ ...defaultRunSettings, learningRateDecayAfter })[423]).toBeCloseTo(0.002 * 0.97, 12);
    }
  });
});

test('evaluations are due every so many iterations and at the end, once', () => {
  const due = Array.from({ length: plan.iterations }, (_, index) => index + 1).filter((iteration) =>
    isEvaluationDue(iteration, defaultRunSettings, plan),
  );
  expect(due).toHaveLength(22);
  expect(due.slice(-2)).toEqual([21_000, 21_150]);
});

test.each([
  [4.2, null, undefined],
  [12.5, 4.17, undefined],
  [12.52, 4.17, 'exploding'],
  [Number.NaN, 4.17, 'not-a-number'],
  [Infinity, 4.17, 'not-a-number'],
])('a loss of %d after a first loss of %d: %s', (loss, first, kind) =>
  expect(explosionKind(loss, first)).toBe(kind),
);
