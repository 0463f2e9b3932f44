import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeChanges } from '../../../../src/shared/domain/recipes.ts';
import { defaultRunSettings, runSettingsSchema } from '../../../../src/shared/domain/run-settings.ts';
import { planChunks } from '../../../../src/shared/planning/plan.ts';
import { presetRow, presetTable } from '../../../../src/shared/planning/preset-table.ts';
import {
  isPreset,
  presetKeys,
  resolvePreset,
  type PresetKey,
} from '../../../../src/shared/planning/presets.ts';

const tinyshakespeare = { characters: 1_115_394, vocabularySize: 65 };

test('a preset trains by the modern recipe, with the batches and splits of char-rnn', () => {
  for (const key of presetKeys) {
    const preset = resolvePreset(key, tinyshakespeare);
    expect(preset).toMatchObject({
      ...{ model: 'lstm', batchSize: 50, sequenceLength: 50, trainFraction: 0.95, validationFraction: 0.05 },
      ...{ layerNorm: true, schedule: 'linear' },
    });
    expect(preset.averageDecay).toBeGreaterThan(0);
    // The rest of what a preset decides is the recipe's, but for what was measured to be better.
    const own = presetTable.map((entry) => Object.keys(entry[key].recipe ?? {})).flat();
    const changed = recipeChanges({ ...defaultRunSettings, ...preset }, 'modern');
    expect(changed.filter((name) => !own.includes(name))).toEqual([]);
  }
});

describe('the table of presets', () => {
  test.each([
    [1000, 50_000],
    [80_000, 50_000],
    [90_000, 150_000],
    [380_000, 150_000],
    [400_000, 1_000_000],
    [1_115_394, 1_000_000],
    [5_500_000, 10_000_000],
    [900_000_000, 10_000_000],
  ])('gives a text of %i symbols the row of %i, which is nearest by a factor', (characters, measured) => {
    const entry = presetTable.find((each) => each.characters === measured);
    for (const key of presetKeys) expect(presetRow(key, characters)).toBe(entry?.[key]);
  });

  test('has longer runs and no smaller models for more patience', () => {
    for (const { quick, good, best } of presetTable) {
      expect(quick.iterations).toBeLessThan(good.iterations);
      expect(good.iterations).toBeLessThan(best.iterations);
      expect(quick.rnnSize).toBeLessThanOrEqual(good.rnnSize);
      expect(good.rnnSize).toBeLessThanOrEqual(best.rnnSize);
    }
  });

  test('protects short texts from overfitting: dropout, and early stopping', () => {
    for (const characters of [50_000, 144_000]) {
      for (const key of presetKeys) {
        const { dropout, patience } = resolvePreset(key, { characters, vocabularySize: 70 });
        expect(dropout).toBeGreaterThan(0);
        expect(patience).toBeGreaterThan(0);
      }
    }
  });
});

test('a quick look reads a thousand chunks of 50 x 50 at most with 192 units, and a run reads as much as its row says', () => {
  for (const { characters, ...rows } of presetTable) {
    for (const key of presetKeys) {
      const preset = resolvePreset(key, { characters, vocabularySize: 80 });
      const { iterations } = planChunks({ ...defaultRunSettings, ...preset, characters });
      const chunks = (iterations * preset.batchSize * preset.sequenceLength) / 2500;
      expect(Math.abs(chunks - rows[key].iterations)).toBeLessThan(1);
      if (key !== 'quick') continue;
      expect(chunks).toBeLessThanOrEqual(1000);
      expect(preset.numLayers).toBe(2);
      expect(preset.rnnSize).toBeLessThanOrEqual(192);
    }
  }
});

test('thousands of different characters neither shrink the model too far nor fill it with rare symbols', () => {
  const text = { characters: 3_000_000, vocabularySize: 11_253 };
  for (const key of presetKeys) expect(resolvePreset(key, text).rnnSize).toBe(128);
  expect(resolvePreset('good', { ...text, vocabularySize: 90 }).rnnSize).toBeGreaterThanOrEqual(192);
});

const text = fc.record({
  characters: fc.integer({ min: 2000, max: 300_000_000 }),
  vocabularySize: fc.integer({ min: 2, max: 6000 }),
});
const key = fc.constantFrom<PresetKey>(...presetKeys);

test('every preset of every text of two thousand characters and more can be started as it is', () => {
  fc.assert(
    fc.property(key, text, (preset, { characters, vocabularySize }) => {
      const settings = { ...defaultRunSettings, ...resolvePreset(preset, { characters, vocabularySize }) };
      expect(runSettingsSchema.safeParse(settings).success).toBe(true);
      const plan = planChunks({ ...settings, characters });
      expect(plan.warnings.filter(({ blocking }) => blocking)).toEqual([]);
      expect(settings.evaluateEvery).toBeLessThanOrEqual(plan.iterations);
    }),
    { numRuns: 200 },
  );
});

test('more patience never means a smaller model', () => {
  fc.assert(
    fc.property(text, (each) => {
      const [quick, good, best] = presetKeys.map((preset) => resolvePreset(preset, each).rnnSize);
      expect(quick).toBeLessThanOrEqual(good ?? 0);
      expect(good).toBeLessThanOrEqual(best ?? 0);
    }),
  );
});

test('a longer text never means a smaller model', () => {
  const lengths = fc.tuple(
    fc.integer({ min: 2000, max: 30_000_000 }),
    fc.integer({ min: 2000, max: 30_000_000 }),
  );
  fc.assert(
    fc.property(fc.constantFrom<PresetKey>('quick', 'good'), lengths, (preset, pair) => {
      const [short, long] = [Math.min(...pair), Math.max(...pair)].map(
        (characters) => resolvePreset(preset, { characters, vocabularySize: 80 }).rnnSize,
      );
      expect(short).toBeLessThanOrEqual(long ?? 0);
    }),
  );
});

test('the plan has nothing left to fix', () => {
  for (const characters of [3000, 30_000, 150_000, 400_000]) {
    const settings = { ...defaultRunSettings, ...resolvePreset('good', { characters, vocabularySize: 60 }) };
    const fixable = planChunks({ ...settings, characters }).warnings.filter(({ fix }) => fix !== null);
    expect(fixable).toEqual([]);
  }
});

test('settings are a preset until one of its own is changed', () => {
  const preset = resolvePreset('good', tinyshakespeare);
  const settings = { ...defaultRunSettings, ...preset };
  expect(isPreset({ ...settings, name: 'another', seed: 7 }, preset)).toBe(true);
  expect(isPreset({ ...settings, dropout: 0.3 }, preset)).toBe(false);
});
