import { describe, expect, test } from 'vitest';
import {
  nearestRecipe,
  recipeChanges,
  recipeKeys,
  recipeNames,
  recipeOf,
  recipeSettings,
} from '../../../../src/shared/domain/recipes.ts';
import {
  defaultRunSettings,
  runSettingKeys,
  textSettingKeys,
  runSettings,
  runSettingsSchema,
  type RunSettings,
} from '../../../../src/shared/domain/run-settings.ts';
import { recipeSentence } from '../../../../src/shared/format/recipe-sentence.ts';
import { idleReason } from '../../../../src/shared/planning/idle-settings.ts';

const settingsWith = (changes: Partial<RunSettings>): RunSettings => ({ ...defaultRunSettings, ...changes });
const modern = settingsWith(recipeSettings('modern'));

describe('recipes', () => {
  test('are complete, allowed, and told from one another and from changed ones', () => {
    for (const name of recipeNames) {
      const settings = settingsWith(recipeSettings(name));
      expect(Object.keys(recipeSettings(name)).toSorted()).toEqual([...recipeKeys].toSorted());
      expect(runSettingsSchema.safeParse(settings).success).toBe(true);
      expect(recipeOf(settings)).toBe(name);
      // Size, length and name are no part of a recipe.
      const other: RunSettings = { ...settings, rnnSize: 512, dropout: 0.5, maxEpochs: 3, name: 'x' };
      expect(recipeOf(other)).toBe(name);
      const changed = { ...settings, learningRate: 0.0123 };
      expect(recipeOf(changed)).toBeNull();
      expect(nearestRecipe(changed)).toBe(name);
      expect(recipeChanges(changed, name)).toEqual(['learningRate']);
    }
  });

  test("leave the table's defaults char-rnn's: files of earlier versions lack the new settings", () => {
    expect(recipeOf(defaultRunSettings)).toBe('char-rnn');
    // train.lua at 6f9487a.
    expect(recipeSettings('char-rnn')).toMatchObject({
      ...{ optimizer: 'rmsprop', learningRate: 2e-3, learningRateDecay: 0.97, learningRateDecayAfter: 10 },
      ...{ decayRate: 0.95, gradientClip: 5, clipBy: 'element', schedule: 'epochs' },
      ...{ layerNorm: false, residual: 'off', averageDecay: 0, weightDecay: 0, weightDrop: 0 },
    });
  });

  test('decide every setting against overfitting except dropout and patience, which depend on the text', () => {
    const decided: readonly string[] = recipeKeys;
    const ofText = ['dropout', 'patience'];
    for (const key of runSettingKeys) {
      const { group, kind } = runSettings[key];
      if (textSettingKeys.includes(key)) continue;
      const isMeant = (group === 'regularisation' && !ofText.includes(key)) || kind === 'switch';
      if (isMeant) expect(decided, key).toContain(key);
    }
  });
});

describe('the sentence of a recipe', () => {
  test.each<[string, RunSettings]>([
    ['char-rnn’s recipe.', defaultRunSettings],
    ['char-rnn’s recipe, dropout 0.5.', settingsWith({ dropout: 0.5 })],
    ['Layer-normalised, residual connections, averaged weights, learning rate falls to zero.', modern],
    [
      'Layer-normalised, residual connections, averaged weights, learning rate falls to zero.',
      { ...modern, numLayers: 3 },
    ],
    [
      'AdamW, learning rate falls to zero, dropout 0.4, weight drop 0.3, weight decay 0.1, shifted epochs.',
      settingsWith({
        ...{ optimizer: 'adam', weightDecay: 0.1, weightDrop: 0.3, shiftedEpochs: true },
        ...{ schedule: 'linear', dropout: 0.4 },
      }),
    ],
    [
      'Muon, constant learning rate, gradient clipped by norm, early stop after 5 measurements.',
      settingsWith({ optimizer: 'muon', schedule: 'constant', clipBy: 'norm', patience: 5 }),
    ],
    ['Averaged weights, learning rate decays by epochs.', settingsWith({ averageDecay: 0.99 })],
    ['Averaged weights, constant learning rate.', settingsWith({ averageDecay: 0.99, learningRateDecay: 1 })],
  ])('%s', (sentence, settings) => {
    expect(recipeSentence(settings)).toBe(sentence);
  });
});

test('settings that change nothing beside the others say why', () => {
  const idle = (settings: RunSettings) => runSettingKeys.filter((key) => idleReason(key, settings) !== null);
  // Without records there are none to shuffle.
  expect(idle(defaultRunSettings)).toEqual(['shuffleRecords', 'warmup']);
  expect(idle({ ...defaultRunSettings, records: 'line' })).toEqual(['warmup']);
  expect(idle(modern)).toEqual(['shuffleRecords', 'learningRateDecay', 'learningRateDecayAfter']);
  expect(idle({ ...modern, optimizer: 'adam', numLayers: 1 })).toEqual([
    ...['shuffleRecords', 'residual', 'learningRateDecay', 'learningRateDecayAfter', 'decayRate'],
  ]);
});
