import { plainModel } from '../../../../src/shared/domain/model-spec.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parameterCount } from '../../../../src/shared/domain/model-tensors.ts';
import { defaultRunSettings, runSettingsSchema } from '../../../../src/shared/domain/run-settings.ts';
import { planChunks } from '../../../../src/shared/planning/plan.ts';
import {
  isPreset,
  presetKeys,
  resolvePreset,
  type PresetKey,
} from '../../../../src/shared/planning/presets.ts';

const tinyshakespeare = { characters: 1_115_394, vocabularySize: 65 };

describe("char-rnn's advice", () => {
  test('a text of one megabyte gets the 128 units, two layers and fifty epochs that char-rnn is known for', () => {
    expect(resolvePreset('good', tinyshakespeare)).toMatchObject({
      ...{ model: 'lstm', rnnSize: 128, numLayers: 2, dropout: 0 },
      ...{ batchSize: 50, sequenceLength: 50, maxEpochs: 50, maxIterations: 0 },
    });
  });

  test('two megabytes still do with 128 units; six get 300 and more', () => {
    expect(resolvePreset('good', { characters: 2_000_000, vocabularySize: 90 }).rnnSize).toBe(128);
    expect(
      resolvePreset('good', { characters: 6_000_000, vocabularySize: 100 }).rnnSize,
    ).toBeGreaterThanOrEqual(300);
  });

  test.each([100_000, 500_000, 1_000_000, 6_000_000])(
    'the best model of %i characters has parameters of the same order of magnitude',
    (characters) => {
      const { rnnSize, numLayers, model, dropout } = resolvePreset('best', {
        characters,
        vocabularySize: 80,
      });
      const ratio =
        parameterCount({ rnnSize, numLayers, model, ...plainModel, dropout, vocabularySize: 80 }) /
        characters;
      expect(ratio).toBeLessThanOrEqual(2);
      expect(ratio).toBeGreaterThan(0.3);
    },
  );

  test('a small text is kept from being learnt by heart', () => {
    expect(resolvePreset('good', { characters: 200_000, vocabularySize: 70 }).dropout).toBeGreaterThan(0);
    expect(resolvePreset('best', { characters: 200_000, vocabularySize: 70 }).dropout).toBe(0.5);
  });

  test('a short story does not get a model that is too small to spell', () => {
    expect(resolvePreset('good', { characters: 144_000, vocabularySize: 68 }).rnnSize).toBe(64);
    expect(resolvePreset('best', { characters: 144_000, vocabularySize: 68 }).rnnSize).toBe(128);
  });

  test('thousands of different characters do not shrink the model to nothing', () => {
    expect(
      resolvePreset('good', { characters: 1_000_000, vocabularySize: 4000 }).rnnSize,
    ).toBeGreaterThanOrEqual(96);
  });

  test('nor do they make it so large that most of it is hardly ever used', () => {
    const text = { characters: 3_000_000, vocabularySize: 11_253 };
    for (const key of presetKeys) expect(resolvePreset(key, text).rnnSize).toBe(128);
    expect(resolvePreset('good', { ...text, vocabularySize: 90 }).rnnSize).toBeGreaterThanOrEqual(192);
  });
});

test('a quick look is a thousand iterations at most, whatever the length of the text', () => {
  for (const characters of [1_115_394, 20_000_000, 500_000_000]) {
    const settings = { ...defaultRunSettings, ...resolvePreset('quick', { characters, vocabularySize: 80 }) };
    expect(planChunks({ ...settings, characters }).iterations).toBeLessThanOrEqual(1000);
  }
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
