import { describe, expect, test } from 'vitest';
import { progressWords } from '../../../src/shared/domain/run-progress.ts';

describe('the progress of a run in words', () => {
  test.each([
    ['running', 0, '0 % · Alice'],
    ['running', 0.42, '42 % · Alice'],
    // Done is done, not nearly done; and 29 % is not 28 % for a reason of arithmetic.
    ['running', 0.9999, '99 % · Alice'],
    ['running', 0.29, '29 % · Alice'],
    ['running', 1, '100 % · Alice'],
    ['pausing', 0.42, 'Paused at 42 % · Alice'],
    ['paused', 0.42, 'Paused at 42 % · Alice'],
    ['stopping', 0.42, 'Saving · Alice'],
    ['starting', null, 'Starting · Alice'],
  ] as const)('%s at %s: %s', (state, fraction, words) => {
    expect(progressWords({ run: 'alice', name: 'Alice', state, fraction })).toBe(words);
  });
});
