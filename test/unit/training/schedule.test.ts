import { describe, expect, test } from 'vitest';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { explosionKind, isEvaluationDue } from '../../../src/engine/training/schedule.ts';
import { beginning } from '../../../src/node/session/session.ts';
import { nextLearningRate, startingLearningRate } from '../../../src/shared/planning/learning-rate.ts';
import { plannedRates } from '../../support/planned-rates.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';

/** tinyshakespeare with defaults: 423 iterations per epoch, 21,150 in total. */
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
function rates(settings = defaultRunSettings): readonly number[] {
  return plannedRates(beginning(settings), plan.iterations, settings, plan);
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

  test('is constant when the decay is 1, and decays from the first epoch when after is 0 or 1', () => {
    expect(new Set(rates({ ...defaultRunSettings, learningRateDecay: 1 })).size).toBe(1);
    for (const learningRateDecayAfter of [0, 1]) {
      expect(rates({ ...defaultRunSettings, learningRateDecayAfter })[423]).toBeCloseTo(0.002 * 0.97, 12);
    }
  });
});

describe('a rate with a planned end', () => {
  const { learningRate } = defaultRunSettings;

  test('falls along half a cosine, or a line, and would be zero after the last iteration', () => {
    for (const [schedule, half] of [
      ['cosine', 0.5],
      ['linear', 0.5],
      ['constant', 1],
    ] as const) {
      const all = rates({ ...defaultRunSettings, schedule });
      expect(all[0]).toBe(learningRate);
      expect(all[plan.iterations / 2]).toBeCloseTo(learningRate * half, 12);
      const after = nextLearningRate(
        { iteration: plan.iterations, learningRate, recoveries: 0 },
        { ...defaultRunSettings, schedule },
        plan,
      );
      expect(after).toBe(schedule === 'constant' ? learningRate : 0);
    }
  });

  test('rises to its full size over the warm-up, in equal steps', () => {
    const all = rates({ ...defaultRunSettings, schedule: 'linear', warmup: 0.02 });
    expect(all.slice(0, 2)).toEqual([learningRate / 423, (learningRate * 2) / 423]);
    expect(all[422]).toBe(learningRate);
    expect(all.findIndex((rate, index) => index > 0 && rate < (all[index - 1] ?? 0))).toBe(424);
  });

  test('follows a changed planned end, and is halved by every explosion', () => {
    const settings = { ...defaultRunSettings, schedule: 'cosine' } as const;
    const done = { iteration: plan.iterations, learningRate: 0, recoveries: 0 };
    const longer = { ...plan, iterations: 2 * plan.iterations };
    expect(startingLearningRate(done, settings, longer)).toBeCloseTo(learningRate / 2, 12);
    expect(startingLearningRate({ ...done, recoveries: 2 }, settings, longer)).toBeCloseTo(
      learningRate / 8,
      12,
    );
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
