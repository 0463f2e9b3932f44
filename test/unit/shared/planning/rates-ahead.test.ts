import { describe, expect, test } from 'vitest';
import { recipeSettings } from '../../../../src/shared/domain/recipes.ts';
import { defaultRunSettings } from '../../../../src/shared/domain/run-settings.ts';
import { plannedRates } from '../../../support/planned-rates.ts';
import { ratesAhead } from '../../../../src/shared/planning/rates-ahead.ts';

const modern = {
  ...defaultRunSettings,
  ...recipeSettings('modern'),
  learningRate: 0.004,
  schedule: 'cosine',
  warmup: 0,
} as const;
const plan = { iterations: 1000, iterationsPerEpoch: 50 };
/** Half a cosine, written down once more: iteration t of T has (1 + cos(pi (t - 1) / T)) / 2 of the rate. */
const cosine = (t: number): number => (0.004 * (1 + Math.cos((Math.PI * (t - 1)) / 1000))) / 2;

describe('the rates ahead', () => {
  test('begin at the last step, end near zero at the planned end, and are as few as asked for', () => {
    const { iteration, rate } = ratesAhead({ iteration: 400, learningRate: cosine(400) }, modern, plan, 100);
    expect(iteration.length).toBeLessThanOrEqual(102);
    expect([iteration[0], iteration.at(-1)]).toEqual([400, 1000]);
    iteration.forEach((each, index) => expect(rate[index]).toBeCloseTo(cosine(each), 10));
    expect(rate.at(-1)).toBeLessThan(1e-7);
  });

  test('stay below the plan by the halvings of explosions', () => {
    const { rate } = ratesAhead({ iteration: 400, learningRate: cosine(400) / 4 }, modern, plan, 1000);
    expect(rate[200]).toBeCloseTo(cosine(600) / 4, 10);
  });

  test('follow char-rnn’s schedule from the rate that there is', () => {
    const last = { iteration: 500, learningRate: 0.001 };
    const { iteration, rate } = ratesAhead(last, defaultRunSettings, plan, 1000);
    const at = (wanted: number): number => rate[iteration.indexOf(wanted)] ?? Number.NaN;
    // The tenth epoch ends at iteration 500 with the first decay.
    expect([at(500), at(501), at(550), at(551)].map((each) => Number(each.toFixed(8)))).toEqual([
      0.001,
      0.00097,
      0.00097,
      Number((0.00097 * 0.97).toFixed(8)),
    ]);
  });

  test('equal those of a run step by step, under every schedule', () => {
    for (const schedule of ['epochs', 'constant', 'cosine', 'linear'] as const) {
      const settings = {
        ...modern,
        schedule,
        warmup: 0.1,
        learningRateDecay: 0.9,
        learningRateDecayAfter: 3,
      };
      const start = { iteration: 0, learningRate: settings.learningRate, recoveries: 0 };
      const whole = plannedRates(start, plan.iterations, settings, plan);
      for (const iteration of [1, 49, 50, 51, 149, 150, 151, 700, 999]) {
        const last = { iteration, learningRate: whole[iteration - 1] ?? 0 };
        const ahead = ratesAhead(last, settings, plan, 1000);
        expect(ahead.rate).toHaveLength(1001 - iteration);
        ahead.rate.forEach((rate, index) =>
          expect(rate).toBeCloseTo(whole[iteration - 1 + index] ?? NaN, 12),
        );
      }
    }
  });

  test('take no longer for hundreds of millions of iterations', () => {
    for (const schedule of ['epochs', 'cosine'] as const) {
      const far = { iterations: 240_000_000, iterationsPerEpoch: 2400 };
      const { rate } = ratesAhead({ iteration: 5, learningRate: 0.004 }, { ...modern, schedule }, far, 300);
      expect(rate.length).toBeLessThanOrEqual(302);
    }
  });

  test('are none at the end, before the first step, and beyond a plan', () => {
    for (const iteration of [0, 1000, 1200]) {
      expect(ratesAhead({ iteration, learningRate: 0.001 }, modern, plan, 10).rate).toHaveLength(0);
    }
  });
});
