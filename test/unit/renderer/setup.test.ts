import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import { defaultRunSettings, runSettingsSchema } from '../../../src/shared/domain/run-settings.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Bridge, OpenStream, StreamItem } from '../../../src/shared/ipc/contract.ts';
import type { Forecast } from '../../../src/shared/domain/run.ts';
import {
  forecastKey,
  ForecastTrial,
  type ForecastParams,
} from '../../../src/renderer/views/setup/forecast.svelte.ts';
import { findMismatch, remarkOn } from '../../../src/renderer/views/setup/model-fit.ts';
import { laidOver, withPreset } from '../../../src/renderer/stores/own-presets.ts';
import { expandSweep, parseValues } from '../../../src/renderer/views/setup/sweep.ts';
import { sweepLimits } from '../../../src/renderer/views/setup/sweep-limits.ts';
import { fitOf, formatEstimate, roughDuration } from '../../../src/renderer/views/setup/words.ts';

const characters = 1_115_394;
const base = { ...defaultRunSettings, name: 'plays' };

describe('several runs together', () => {
  test('read values with commas, each once, and refuse what the settings table refuses', () => {
    expect(parseValues('rnnSize', ' 64, 128,128 ,256')).toEqual({ values: [64, 128, 256], problem: null });
    expect(parseValues('model', 'GRU, lstm').values).toEqual(['gru', 'lstm']);
    expect(parseValues('dropout', '0, 1').problem).toContain('up to but not including 1');
    expect(parseValues('rnnSize', '64, many').problem).toContain('many');
  });

  test('accept decimal commas, and ask where commas are ambiguous', () => {
    expect(parseValues('dropout', '0,1 0,25').values).toEqual([0.1, 0.25]);
    expect(parseValues('dropout', '0,1, 0,2').values).toEqual([0.1, 0.2]);
    expect(parseValues('learningRate', '0,002; 0,01').values).toEqual([0.002, 0.01]);
    expect(parseValues('dropout', '0.1,0.2').values).toEqual([0.1, 0.2]);
    expect(parseValues('rnnSize', '64,128,256').values).toEqual([64, 128, 256]);
    expect(parseValues('batchSize', '50,100')).toMatchObject({ values: [] });
    expect(parseValues('batchSize', '1,000').values).toEqual([1000]);
    expect(parseValues('batchSize', '1 000')).toMatchObject({ values: [] });
  });

  test('make every combination with every seed, under names that a run may have', () => {
    const axes = [
      { key: 'rnnSize', typed: '64, 128' },
      { key: 'dropout', typed: '0, 0.25, 0.5' },
    ] as const;
    const { tasks, space, problem } = expandSweep(base, axes, 1, characters);
    expect(problem).toBeNull();
    expect(tasks.map(({ settings: { rnnSize, dropout } }) => `${rnnSize}/${dropout}`)).toEqual([
      '64/0',
      '64/0.25',
      '64/0.5',
      '128/0',
      '128/0.25',
      '128/0.5',
    ]);
    expect(space?.axes.map(({ key }) => key)).toEqual(['rnnSize', 'dropout']);
    expect(tasks[1]?.name).toBe('plays-002');
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(6);
    for (const { settings } of tasks) expect(runSettingsSchema.safeParse(settings).success).toBe(true);
    expect(expandSweep(base, axes, 3, characters).tasks).toHaveLength(18);
  });

  test('may be seeds alone', () => {
    const { tasks, space } = expandSweep(base, [], 3, characters);
    expect(tasks.map(({ changes }) => changes)).toEqual([
      { seed: base.seed },
      { seed: base.seed + 1 },
      { seed: base.seed + 2 },
    ]);
    expect(space?.axes).toHaveLength(1);
  });

  test('say which run could not start, which setting is named twice, and when they are too many', () => {
    const problemOf = (axes: Parameters<typeof expandSweep>[1], seeds = 1): string | null =>
      expandSweep(base, axes, seeds, characters).problem;
    expect(problemOf([{ key: 'batchSize', typed: '50, 60000' }])).toContain('plays-002');
    const twice = [
      { key: 'rnnSize', typed: '64' },
      { key: 'rnnSize', typed: '128' },
    ] as const;
    expect(problemOf(twice)).toContain('different');
    const many = Array.from({ length: 101 }, (_, seed) => seed).join();
    expect(problemOf([{ key: 'seed', typed: many }])).toContain('101');
    expect(problemOf([{ key: 'seed', typed: '1, 2' }], 2)).toContain('seed');
  });

  test('are none while nothing is typed', () => {
    const nothing = { space: null, tasks: [], problem: null };
    expect(expandSweep(base, [{ key: 'seed', typed: ' ' }], 1, characters)).toEqual(nothing);
  });
});

describe('what may end runs of a sweep early', () => {
  test('is nothing until it is chosen', () => {
    expect(sweepLimits({ stopsEarly: false, typedHours: ' ' })).toEqual({
      earlyStopping: null,
      hours: null,
      problem: null,
    });
  });

  test('are rungs up to a third of a run, and hours as people write them', () => {
    const { earlyStopping, hours } = sweepLimits({ stopsEarly: true, typedHours: '1,5' });
    expect(hours).toBe(1.5);
    expect(27 * (earlyStopping?.firstRung ?? 0)).toBeCloseTo(1, 12);
    expect(sweepLimits({ stopsEarly: false, typedHours: '0.0001' }).hours).toBe(0.0001);
  });

  test.each(['0', '-1', 'two', '1,000'])('are not %j hours', (typedHours) => {
    expect(sweepLimits({ stopsEarly: false, typedHours })).toMatchObject({
      hours: null,
      problem: expect.stringMatching(/^Hours: /) as unknown,
    });
  });
});

describe('a model to start from', () => {
  const spec = { model: 'lstm', vocabularySize: 3, rnnSize: 128, numLayers: 2, ...plainModel } as const;
  const model = { title: 'plays', spec, epoch: 2, validationLoss: 1.5, symbols: 'characters' } as const;
  const known = { ...model, vocabulary: ['a', 'b', 'é'] };
  const text = (symbols: string) =>
    Array.from(symbols, (symbol) => ({ code: symbol.codePointAt(0) ?? 0, count: 1, firstLine: 1 }));

  test('must know exactly the symbols of the text, read the same way, and says which differ', () => {
    expect(findMismatch(known, text('abé'), 'characters')).toBeNull();
    expect(findMismatch(known, text('abé'), 'bytes')).toMatchObject({ kind: 'reading' });
    // As many symbols, but others.
    const other = findMismatch(known, text('abc'), 'characters')?.sentence ?? '';
    expect(other).toMatch(/does not know “c”.*does not contain “é”/);
    expect(findMismatch(known, text('ab'), 'characters')?.sentence).toContain('does not contain “é”');
  });

  test('is told apart in a list by its shape, and by other symbols as far as lists know', () => {
    const now = { symbols: 'characters', vocabularySize: 3 } as const;
    expect(remarkOn({ spec, symbols: null }, now)).toBe(': LSTM, 2 layers of 128 units');
    for (const text of [
      { ...now, vocabularySize: 4 },
      { ...now, symbols: 'bytes' as const },
    ]) {
      expect(remarkOn({ spec, symbols: 'characters' }, text)).toContain('different symbols');
    }
  });
});

test("a preset of one's own replaces the old one of its name, and leaves a text its name and reading", () => {
  const other = { ...base, name: 'novel', symbols: 'bytes', rnnSize: 64 } as const;
  const presets = withPreset(withPreset([], 'small', base), 'small', other);
  expect(presets).toEqual([{ name: 'small', settings: other }]);
  expect(laidOver(base, other)).toEqual({ ...base, rnnSize: 64 });
});

describe('words', () => {
  test('tell a model that is too large or too small for its text', () => {
    expect(fitOf(240_000, 1_100_000).level).toBe('even');
    expect(fitOf(20_000, 10_000_000).level).toBe('small');
    expect(fitOf(5_000_000, 100_000).level).toBe('large');
  });

  test('never give an hour to the second', () => {
    expect(formatEstimate(51 * 60_000 + 1000)).toBe('51 min');
    expect(formatEstimate(33_000)).toBe('35 s');
    expect(formatEstimate(900)).toBe('5 s');
    expect(formatEstimate(3 * 3_600_000 + 110_000)).toBe('3 h 2 min');
  });

  test('estimate another run in proportion to its work', () => {
    const measured = { settings: base, characters, vocabularySize: 65 };
    const twice = { ...base, maxEpochs: 100 };
    expect(roughDuration(base, measured, { duration: 1000 })).toBe(1000);
    expect(roughDuration(twice, measured, { duration: 1000 })).toBeCloseTo(2000, -1);
    expect(roughDuration({ ...base, rnnSize: 512 }, measured, { duration: 1000 })).toBeGreaterThan(8000);
  });
});

/** Streams that a test answers by hand. */
class Trials {
  readonly opened: {
    readonly params: ForecastParams;
    readonly say: (item: StreamItem<'runs.forecast'>) => void;
    readonly fail: (error: Error) => void;
    isClosed: boolean;
  }[] = [];
  readonly bridge = { open: this.#open.bind(this) } as unknown as Bridge;

  #open(
    _name: string,
    params: ForecastParams,
    say: (item: StreamItem<'runs.forecast'>) => void,
  ): OpenStream<'runs.forecast'> {
    const { promise, reject } = Promise.withResolvers<undefined>();
    const trial = { params, say, fail: reject, isClosed: false };
    this.opened.push(trial);
    return { ended: promise, send: () => undefined, close: () => (trial.isClosed = true) };
  }
}

describe('the trial', () => {
  const params: ForecastParams = {
    ...{ settings: base, characters, vocabularySize: 65, backend: 'auto', threads: 0 },
  };
  const forecast = { duration: 5000 } as Forecast;
  let trials: Trials;
  let trial: ForecastTrial;
  beforeEach(() => {
    vi.useFakeTimers();
    trials = new Trials();
    trial = new ForecastTrial(trials.bridge);
  });
  afterEach(() => void vi.useRealTimers());

  test('waits until the settings no longer change, and measures the last ones', () => {
    for (const rnnSize of [64, 96, 128]) {
      trial.request({ ...params, settings: { ...base, rnnSize } });
      vi.advanceTimersByTime(200);
    }
    expect(trials.opened).toHaveLength(0);
    vi.advanceTimersByTime(1000);
    expect(trials.opened.map((each) => each.params.settings.rnnSize)).toEqual([128]);
  });

  test('closes an outdated trial, and ignores its answers', () => {
    trial.request(params);
    vi.advanceTimersByTime(1000);
    trial.request({ ...params, settings: { ...base, rnnSize: 64 } });
    expect(trials.opened[0]?.isClosed).toBe(true);
    trials.opened[0]?.say({ kind: 'forecast', forecast });
    expect(trial.forecast).toBeNull();
    vi.advanceTimersByTime(1000);
    trials.opened[1]?.say({ kind: 'forecast', forecast });
    expect(trial.forecast).toEqual(forecast);
    const speeds = [{ kind: 'failed', backend: 'webgpu', name: 'a card', problem: 'It broke.' }] as const;
    trials.opened[1]?.say({ kind: 'speeds', speeds });
    expect(trial.speeds).toEqual(speeds);
    trial.cancel();
    expect(trial.forecast).toBeNull();
  });

  test('keeps what went wrong', async () => {
    trial.request(params);
    vi.advanceTimersByTime(1000);
    const problem = new CharloomError('backend-unavailable', 'TensorFlow is not installed.');
    trials.opened[0]?.fail(problem);
    await vi.advanceTimersByTimeAsync(0);
    expect(trial.problem).toBe(problem);
    expect(trial.progress).toBeNull();
  });

  test('is not repeated for a new name, but for a new size', () => {
    const renamed = { ...params, settings: { ...base, name: 'other' } };
    const resized = { ...params, settings: { ...base, rnnSize: 64 } };
    expect(forecastKey(renamed)).toBe(forecastKey(params));
    expect(forecastKey(resized)).not.toBe(forecastKey(params));
  });
});
