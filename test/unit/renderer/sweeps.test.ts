import { describe, expect, it } from 'vitest';
import {
  brushBetween,
  choiceAxis,
  isLetThrough,
  lossCeiling,
  numberAxis,
} from '../../../src/renderer/charts/parallel-axes.ts';
import { homeLines } from '../../../src/renderer/views/sweeps/home-lines.ts';
import { bestFirst, pressed, sortTasks } from '../../../src/renderer/views/sweeps/sorting.ts';
import { SweepPage } from '../../../src/renderer/views/sweeps/sweep-page.svelte.ts';
import { variedSettings } from '../../../src/renderer/views/sweeps/varied.ts';
import { parseRoute, href } from '../../../src/renderer/stores/router.svelte.ts';
import { sweepOverview, sweepTask } from '../../support/sweeps-for-pages.ts';

const tasks = [
  sweepTask({ index: 1, changes: { learningRate: 0.0001, model: 'lstm' }, loss: 1.9, state: 'finished' }),
  sweepTask({ index: 2, changes: { learningRate: 0.01, model: 'gru' }, loss: 1.4, state: 'finished' }),
  sweepTask({ index: 3, changes: { learningRate: 0.001, model: 'lstm' }, loss: 1.5, state: 'running' }),
  sweepTask({ index: 4, changes: { learningRate: 0.01, model: 'lstm' }, state: 'waiting' }),
];
const overview = sweepOverview({
  tasks,
  best: 2,
  withinChance: [3],
  axes: [
    { kind: 'range', key: 'learningRate', minimum: 0.0001, maximum: 0.01, scale: 'log', count: null },
    { kind: 'values', key: 'model', values: ['lstm', 'gru'] },
  ],
});
const indices = (found: readonly { readonly index: number }[]): string =>
  found.map(({ index }) => index).join();

describe('axes of parallel coordinates', () => {
  it('spread numbers evenly, or by factors', () => {
    const options = { key: 'a', title: 'A', values: [1, 10, 100], format: String };
    const even = numberAxis({ ...options, isLogarithmic: false });
    const factors = numberAxis({ ...options, isLogarithmic: true });
    expect(even.placeOf(10)).toBeCloseTo(9 / 99, 12);
    expect(factors.placeOf(10)).toBeCloseTo(0.5, 12);
    expect([factors.placeOf(1), factors.placeOf(100), factors.placeOf('x')]).toEqual([0, 1, null]);
    expect(factors.describe(0.5)).toMatch(/^(10|9\.99)/);
    expect(numberAxis({ ...options, values: [7, 7], isLogarithmic: false }).placeOf(7)).toBe(0.5);
  });

  it('show losses that went wrong at their top', () => {
    const values = [1, 1.1, 1.2, 1.3, 900];
    const axis = numberAxis({
      ...{ key: 'loss', title: 'Loss', isLogarithmic: false, format: String },
      values,
      maximum: lossCeiling(values),
    });
    expect(axis.placeOf(900)).toBe(1);
    expect(axis.placeOf(1.2)).toBeGreaterThan(0.2);
  });

  it('spread words in their order', () => {
    const axis = choiceAxis('m', 'Model', [
      { value: 'rnn', label: 'RNN' },
      { value: 'gru', label: 'GRU' },
      { value: 'lstm', label: 'LSTM' },
    ]);
    expect([axis.placeOf('rnn'), axis.placeOf('gru'), axis.placeOf('?')]).toEqual([0, 0.5, null]);
    expect(axis.describe(0.9)).toBe('LSTM');
  });

  it('select what is in a brush, edges included', () => {
    const brush = brushBetween(0.6, 0.2);
    expect(brush).toEqual({ from: 0.2, to: 0.6 });
    expect([0.2, 0.6, 0.7, null].map((place) => isLetThrough(place, brush))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(brushBetween(-1, 2)).toBeUndefined();
    expect(isLetThrough(null, undefined)).toBe(true);
  });
});

describe('the page of a sweep', () => {
  function opened(): SweepPage {
    const page = new SweepPage();
    page.overview = overview;
    return page;
  }

  it('knows what varies, by factors where the sweep says so', () => {
    expect(variedSettings(overview)).toMatchObject([
      { key: 'learningRate', title: 'Learning rate', isNumber: true, isLogarithmic: true },
      { key: 'model', isNumber: false },
    ]);
  });

  it('narrows its runs by brushes and state', () => {
    const page = opened();
    expect(indices(page.rows)).toBe('2,3,1,4');
    page.brush('learningRate', { from: 0.4, to: 1 });
    expect(indices(page.rows)).toBe('2,3,4');
    page.brush('loss', { from: 0, to: 0.5 });
    expect(indices(page.rows)).toBe('2,3');
    page.state = 'running';
    expect(indices(page.rows)).toBe('3');
    page.brush('loss', undefined);
    page.showAll();
    expect(page.isNarrow).toBe(false);
    expect(indices(page.rows)).toBe('2,3,1,4');
  });

  it('says which is best and which are within chance of it', () => {
    const page = opened();
    expect(page.best?.index).toBe(2);
    expect(indices(page.rivals)).toBe('3');
  });

  it('ticks six runs at most', () => {
    const page = opened();
    for (const run of 'abcdefg') page.tick(run);
    page.tick('c');
    expect(page.ticked.join('')).toBe('bdefg');
  });
});

describe('runs of a sweep', () => {
  it('are sorted with those without a value last, whatever the direction', () => {
    expect(indices(sortTasks(tasks, bestFirst))).toBe('2,3,1,4');
    const worst = pressed(bestFirst, 'loss');
    expect(indices(sortTasks(tasks, worst))).toBe('1,3,2,4');
    expect(indices(sortTasks(tasks, pressed(worst, 'setting:learningRate')))).toBe('1,3,2,4');
  });

  it('are copied by a command that names the sweep and all of its runs', () => {
    const lines = homeLines({ path: "/lab/o'brien/runs/tale.sweep", id: 'tale.sweep', tasks });
    expect(lines.rsync).toBe(
      "rsync -a --partial 'USER@HOST:/lab/o'\\''brien/runs/tale.sweep' 'USER@HOST:/lab/o'\\''brien/runs/sweep-???' .",
    );
    expect(lines.scp).toMatch(/^scp -r '/);
  });

  it('have an address', () => {
    const place = { view: 'sweeps', sweep: 'a tale.sweep' } as const;
    expect(parseRoute(href(place))).toEqual(place);
    expect(parseRoute('#/sweeps')).toEqual({ view: 'sweeps', sweep: null });
  });
});
