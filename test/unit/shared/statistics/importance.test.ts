import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SweepTask } from '../../../../src/shared/domain/sweep.ts';
import { importanceOf } from '../../../../src/shared/statistics/importance.ts';
import {
  quantileGroups,
  rankCorrelation,
  ranksOf,
  shareBetween,
} from '../../../../src/shared/statistics/ranks.ts';
import { root } from '../../../support/processes.ts';
import { sweepTask } from '../../../support/sweeps-for-pages.ts';

type Key = 'learningRate' | 'rnnSize' | 'model' | 'dropout';
/** Made-up runs with SciPy's numbers (scripts/reference/sweep-statistics.py). */
const told = JSON.parse(readFileSync(join(root, 'test/fixtures/sweep-statistics.json'), 'utf8')) as {
  readonly runs: readonly (Readonly<Record<Key, number>> & { readonly loss: number })[];
  readonly correlation: Readonly<Record<string, number>>;
  readonly share: Readonly<Record<Key, number>>;
};
const keys = ['dropout', 'model', 'rnnSize', 'learningRate'] as const;
const tasks: readonly SweepTask[] = told.runs.map(({ loss, ...changes }, place) =>
  sweepTask({ index: place + 1, state: 'finished', changes, loss }),
);

describe('what settings have to do with the loss', () => {
  it('is what SciPy says, equal losses included', () => {
    const { runs, settings } = importanceOf(tasks, keys);
    expect(runs).toBe(told.runs.length);
    expect(new Set(told.runs.map(({ loss }) => loss)).size).toBeLessThan(told.runs.length);
    for (const { key, correlation, share } of settings) {
      expect(share).toBeCloseTo(told.share[key as Key], 10);
      if (key === 'model') expect(correlation).toBeNull();
      else expect(correlation).toBeCloseTo(told.correlation[key] ?? Number.NaN, 10);
    }
  });

  it('names the setting first that matters most, also where the best is in the middle', () => {
    const [first] = importanceOf(tasks, keys).settings;
    expect(first?.key).toBe('learningRate');
    expect(Math.abs(first?.correlation ?? 1)).toBeLessThan(0.5);
    expect(first?.share).toBeGreaterThan(0.5);
  });

  it('leaves out runs that have not finished, and says nothing of a few', () => {
    const more = [...tasks, sweepTask({ state: 'running', loss: 99, changes: tasks[0]?.changes ?? {} })];
    expect(importanceOf(more, keys)).toEqual(importanceOf(tasks, keys));
    expect(importanceOf(tasks.slice(0, 7), keys)).toEqual({ runs: 7, settings: [] });
  });
});

describe('ranks', () => {
  it('are shared by equal values', () => {
    expect(ranksOf([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
  });

  it('correlate wholly, or not at all', () => {
    expect(rankCorrelation([1, 2, 3, 9], [10, 20, 30, 31])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 9], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  it('are shared out between groups', () => {
    expect(shareBetween([1, 2, 3], ['a', 'a', 'a'])).toBeNull();
    expect(shareBetween([1, 2], ['a', 'b'])).toBeNull();
    expect(shareBetween([1, 2, 8, 9], ['a', 'a', 'b', 'b'])).toBeGreaterThan(0.6);
    expect(quantileGroups([5, 1, 9, 3], 2)).toEqual(['1', '0', '1', '0']);
  });
});
