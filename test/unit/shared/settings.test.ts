import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsPage } from '../../../scripts/write-settings-page.ts';
import {
  defaultRunSettings,
  knownRunSettings,
  resumableKeys,
  runSettings,
  runSettingsSchema,
  storedRunSettingsSchema,
  textSettingKeys,
} from '../../../src/shared/domain/run-settings.ts';
import {
  defaultSampleSettings,
  sampleSettings,
  sampleSettingsSchema,
} from '../../../src/shared/domain/sample-settings.ts';
import {
  describeRange,
  settingSchema,
  type SettingDefinition,
} from '../../../src/shared/domain/setting-definition.ts';
import { charloomVersion } from '../../../src/shared/version.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('the settings tables', () => {
  test("hold char-rnn's defaults", () => {
    // Written down from train.lua and sample.lua, not from the table.
    expect(defaultRunSettings).toMatchObject({
      model: 'lstm',
      rnnSize: 128,
      numLayers: 2,
      batchSize: 50,
      sequenceLength: 50,
      learningRate: 2e-3,
      learningRateDecay: 0.97,
      learningRateDecayAfter: 10,
      decayRate: 0.95,
      dropout: 0,
      maxEpochs: 50,
      gradientClip: 5,
      trainFraction: 0.95,
      validationFraction: 0.05,
      evaluateEvery: 1000,
      seed: 123,
      name: 'lstm',
    });
    expect(defaultSampleSettings).toMatchObject({
      seed: 123,
      length: 2000,
      temperature: 1,
      greedy: false,
      primeText: '',
    });
  });

  test('accept their own defaults and nothing unknown', () => {
    expect(runSettingsSchema.parse(defaultRunSettings)).toEqual(defaultRunSettings);
    expect(sampleSettingsSchema.parse(defaultSampleSettings)).toEqual(defaultSampleSettings);
    expect(runSettingsSchema.safeParse({ ...defaultRunSettings, momentum: 0.9 }).success).toBe(false);
    expect(runSettingsSchema.safeParse({}).success).toBe(false);
  });

  test('have a word for every choice, and sliders within what may be typed', () => {
    const settings: readonly SettingDefinition[] = [
      ...Object.values(runSettings),
      ...Object.values(sampleSettings),
    ];
    for (const setting of settings) {
      if (setting.kind === 'choice') expect(Object.keys(setting.words)).toEqual(setting.choices);
      if (setting.kind !== 'integer' && setting.kind !== 'number') continue;
      for (const end of [setting.slider?.minimum, setting.slider?.maximum]) {
        if (end !== undefined) expect(settingSchema(setting).safeParse(end).success, setting.flag).toBe(true);
      }
    }
  });

  test('say what a resumed run may change: how long it lasts, and what an explosion does', () => {
    expect(resumableKeys).toEqual([
      ...['learningRate', 'maxEpochs', 'maxIterations', 'patience', 'onExplosion'],
    ]);
    expect(textSettingKeys).toEqual(['name', 'symbols', 'lineEnds', 'records', 'shuffleRecords']);
  });

  test('read from files: defaults for what is missing, in the order of the table, unknown keys after them', () => {
    const stored = { later: 1, rnnSize: 7, name: 'old' };
    const read = storedRunSettingsSchema.parse(stored);
    expect(Object.entries(read)).toEqual([
      ...Object.entries({ ...defaultRunSettings, name: 'old', rnnSize: 7 }),
      ['later', 1],
    ]);
    expect(knownRunSettings(read)).toEqual({ ...defaultRunSettings, name: 'old', rnnSize: 7 });
    expect(storedRunSettingsSchema.safeParse({ rnnSize: -7 }).success).toBe(false);
  });

  test('name every option once', () => {
    for (const table of [runSettings, sampleSettings]) {
      const flags = Object.values(table).map(({ flag }) => flag);
      expect(new Set(flags).size).toBe(flags.length);
    }
  });

  test.each([
    [runSettings.dropout, [0, 0.5, 0.999], [1, -0.1, Number.NaN, '0.5', null]],
    [runSettings.learningRate, [1e-9, 10], [0, -1, 10.1, Infinity]],
    [runSettings.batchSize, [1, 65_536], [0, 65_537, 1.5, Number.NaN]],
    [runSettings.model, ['lstm', 'gru', 'rnn'], ['LSTM', '', 3]],
    [runSettings.name, ['my novel 2', 'Ærø', 'ꯍ'], ['', '../x', '-x', 'a/b', '.hidden', 'x'.repeat(81)]],
    [sampleSettings.greedy, [true, false], ['yes', 1]],
    [sampleSettings.primeText, ['', 'two\nlines', '🐳'], [5, undefined]],
  ] as const)('$flag takes what it says and refuses the rest', (definition, good, bad) => {
    const schema = settingSchema(definition);
    for (const value of good) expect(schema.safeParse(value).success, String(value)).toBe(true);
    for (const value of bad) expect(schema.safeParse(value).success, String(value)).toBe(false);
  });

  test('say their range in words', () => {
    expect(describeRange(runSettings.batchSize)).toBe('from 1 to 65,536');
    expect(describeRange(runSettings.learningRate)).toBe('above 0, at most 10');
    expect(describeRange(runSettings.dropout)).toBe('from 0 up to but not including 1');
  });

  test('docs/settings.md is what the tables say (npm run docs:settings)', async () => {
    expect(readFileSync(join(root, 'docs/settings.md'), 'utf8')).toBe(await settingsPage());
  });
});

test('the version is the one in package.json', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(manifest).toHaveProperty('version', charloomVersion);
});
