import { describe, expect, it } from 'vitest';
import { durationInWords, estimateInWords } from '../../../src/shared/format/durations.ts';
import {
  charactersPerSecond,
  timeLeft,
  typicalStep,
  type Work,
} from '../../../src/renderer/stores/time-left.ts';
import { spokenProgress } from '../../../src/renderer/views/training/words.ts';
import { testRun } from '../../support/runs-for-pages.ts';

const steady = Array.from({ length: 100 }, () => 50);

function work(changes: Partial<Work>): Work {
  return {
    iteration: 0,
    iterations: 1000,
    evaluateEvery: 100,
    validationChunks: 0,
    recent: steady,
    evaluationMilliseconds: null,
    ...changes,
  };
}

/** Goes through the rest of a run step by step. */
function walked({ iteration, iterations, evaluateEvery }: Work, step: number, evaluation: number): number {
  let sum = 0;
  for (let i = iteration + 1; i <= iterations; i++) {
    sum += step;
    if (i % evaluateEvery === 0 || i === iterations) sum += evaluation;
  }
  return sum;
}

describe('timeLeft', () => {
  it.each([
    { iteration: 0, iterations: 1000, evaluateEvery: 100 },
    { iteration: 250, iterations: 1000, evaluateEvery: 100 },
    { iteration: 300, iterations: 1050, evaluateEvery: 100 },
    { iteration: 999, iterations: 1000, evaluateEvery: 300 },
    { iteration: 1000, iterations: 1000, evaluateEvery: 100 },
  ])('is what walking through the rest would take: $iteration of $iterations', (changes) => {
    const input = work({ ...changes, evaluationMilliseconds: 400 });
    expect(timeLeft(input)).toBeCloseTo(walked(input, 50, 400), 6);
  });

  it('estimates the first evaluation by the size of the validation text', () => {
    const without = timeLeft(work({ validationChunks: 0 })) ?? 0;
    const withChunks = timeLeft(work({ validationChunks: 20 })) ?? 0;
    // Ten evaluations of twenty chunks, each cheaper than a step of learning and dearer than a tenth of one.
    expect(withChunks - without).toBeGreaterThan(10 * 20 * 5);
    expect(withChunks - without).toBeLessThan(10 * 20 * 50);
  });

  it('does not count the sleep of a computer', () => {
    const slept = [...steady.slice(0, 99), 3_600_000];
    expect(timeLeft(work({ recent: slept, evaluationMilliseconds: 0 }))).toBeCloseTo(1000 * 50, 6);
  });

  it('is unknown before the first step', () => {
    expect(timeLeft(work({ recent: [] }))).toBeNull();
    expect(typicalStep([])).toBeNull();
  });
});

describe('charactersPerSecond', () => {
  it('counts what one step reads', () => {
    expect(charactersPerSecond(steady, 2500)).toBeCloseTo(50_000, 6);
    expect(charactersPerSecond([], 2500)).toBeNull();
  });
});

describe('durations in words', () => {
  it.each([
    [20_000, 'less than a minute'],
    [60_000, '1 minute'],
    [12 * 60_000, '12 minutes'],
    [60 * 60_000, '1 hour'],
    [125 * 60_000, '2 hours 5 minutes'],
    [72 * 3_600_000, '3 days'],
  ])('says %d ms as %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds)).toBe(words);
  });

  it.each([
    [4_000, 'about 10 seconds'],
    [38_000, 'about 40 seconds'],
    [50_000, 'about 1 minute'],
    [118_000, 'about 2 minutes'],
    [65 * 60_000, 'about 1 hour 5 minutes'],
  ])('estimates %d ms as %s', (milliseconds, words) => {
    expect(estimateInWords(milliseconds)).toBe(words);
  });

  it('says where a run is', () => {
    const run = testRun({ iterations: 21_000 });
    expect(spokenProgress(run, 2400, 1.8213, 12 * 60_000)).toBe(
      'iteration 2,400 of 21,000, loss 1.82, 12 minutes left',
    );
    expect(spokenProgress(run, 0, null, null)).toBe('iteration 0 of 21,000');
  });
});
