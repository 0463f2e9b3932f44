import { describe, expect, it } from 'vitest';
import { parseAxis } from '../../../src/cli/sweep/vary.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import type { SweepSpace } from '../../../src/shared/domain/sweep-space.ts';
import { formatTaskSet, parseTaskSet } from '../../../src/shared/domain/task-set.ts';
import { planSweepTasks } from '../../../src/shared/planning/sweep-tasks.ts';

const space = (axes: readonly string[], more: Partial<SweepSpace> = {}): SweepSpace => ({
  method: 'grid',
  axes: axes.map(parseAxis),
  seeds: 1,
  runs: 1000,
  drawSeed: 1,
  ...more,
});
const plan = (of: SweepSpace, characters?: number) =>
  planSweepTasks({ name: 'sea', space: of, settings: defaultRunSettings, characters });

describe('the tasks of a sweep', () => {
  it('are every combination of a grid, in order, with names that sort', () => {
    const tasks = plan(space(['rnn-size=64,128', 'layer-norm=on,off', 'learning-rate=0.001..0.01:log:2']));
    expect(tasks.map(({ changes }) => changes)).toEqual([
      { rnnSize: 64, layerNorm: true, learningRate: 0.001 },
      { rnnSize: 64, layerNorm: true, learningRate: 0.01 },
      { rnnSize: 64, layerNorm: false, learningRate: 0.001 },
      { rnnSize: 64, layerNorm: false, learningRate: 0.01 },
      { rnnSize: 128, layerNorm: true, learningRate: 0.001 },
      { rnnSize: 128, layerNorm: true, learningRate: 0.01 },
      { rnnSize: 128, layerNorm: false, learningRate: 0.001 },
      { rnnSize: 128, layerNorm: false, learningRate: 0.01 },
    ]);
    expect(tasks[0]).toMatchObject({ index: 1, name: 'sea-001', settings: { rnnSize: 64, name: 'sea-001' } });
  });

  it('have seeds that follow each other', () => {
    const tasks = plan(space(['rnn-size=64,128'], { seeds: 3 }));
    expect(tasks.map(({ changes }) => [changes['rnnSize'], changes['seed']])).toEqual([
      [64, 123],
      [64, 124],
      [64, 125],
      [128, 123],
      [128, 124],
      [128, 125],
    ]);
  });

  it('are drawn so that each part of a range and each value is used once before any is again', () => {
    const drawn = plan(
      space(['learning-rate=0.0001..0.1:log', 'rnn-size=64,128,256,512', 'num-layers=1..4'], {
        method: 'random',
        runs: 40,
      }),
    );
    expect(drawn).toHaveLength(40);
    const rates = drawn.map(({ changes }) => Math.log10(Number(changes['learningRate'])));
    // 40 equal parts of three decades, each with one value.
    const parts = rates.map((rate) => Math.floor(((rate + 4) / 3) * 40 + 1e-6));
    expect(new Set(parts).size).toBeGreaterThanOrEqual(39);
    for (const size of [64, 128, 256, 512]) {
      expect(drawn.filter(({ changes }) => changes['rnnSize'] === size)).toHaveLength(10);
    }
    expect(drawn.every(({ changes }) => Number.isInteger(changes['numLayers']))).toBe(true);
  });

  it('are the same for the same seed, different for another, and never repeated', () => {
    const of = (drawSeed: number, runs = 6) =>
      plan(space(['rnn-size=64,128', 'num-layers=1,2,3'], { method: 'random', runs, drawSeed }));
    expect(of(5)).toEqual(of(5));
    expect(of(5, 4)).not.toEqual(of(6, 4));
    expect(new Set(of(5).map(({ changes }) => JSON.stringify(changes))).size).toBe(6);
    // There are only six.
    expect(of(5, 100)).toHaveLength(6);
  });

  it.each([
    [['rnn-size=1..100:50', 'num-layers=1..20:20'], { seeds: 30 }, 'The grid has 30,000 runs'],
    [['learning-rate=0.001..0.01'], {}, 'A grid needs single values'],
    [['rnn-size=64', 'rnn-size=128'], {}, 'varied twice'],
    [['seed=1,2'], { seeds: 2 }, 'The seed is varied'],
    [['model=1..2:2'], {}, 'no range'],
    [['dropout=0..0.5:log:3'], {}, 'must begin above 0'],
    [['dropout=0.9..0.1:3'], {}, 'must begin below its end'],
    [['rnn-size=-5..5:3'], {}, 'cannot be -5'],
    [['rnn-size=64'], { method: 'random', runs: 2, seeds: 3 }, 'too few'],
  ] as const)('are refused where they cannot be: %s', (axes, more, message) => {
    expect(() => plan(space(axes, more))).toThrow(message);
  });

  it('are refused when the text is too short for one of them', () => {
    expect(() => plan(space(['seq-length=10,500']), 2000)).toThrow(/^sea-002: /);
  });

  it.each([
    ['rnn-sise=64', 'Did you mean rnn-size?'],
    ['name=a,b', undefined],
    ['rnn-size', undefined],
    ['rnn-size=64,many', undefined],
    ['layer-norm=maybe', undefined],
    ['dropout=0..1:often', undefined],
  ])('are not made of %s', (text, fix) => {
    const thrown = (() => {
      try {
        return parseAxis(text);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ code: 'usage', ...(fix === undefined ? {} : { fix }) });
  });
});

describe('a set of tasks', () => {
  it('is written as Slurm takes it and read again', () => {
    expect(formatTaskSet([9, 1, 2, 3, 5, 2])).toBe('1-3,5,9');
    expect(parseTaskSet('1-3, 5,9')).toEqual([1, 2, 3, 5, 9]);
    expect(formatTaskSet([])).toBe('');
  });

  it.each(['', 'a', '3-1', '1-99999999', '1;rm'])('is not “%s”', (text) => {
    expect(() => parseTaskSet(text)).toThrow('names no tasks');
  });
});
