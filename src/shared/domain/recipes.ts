import { defaultRunSettings, type RunSettings } from './run-settings.ts';

/**
 * Recipes: named ways of training, as settings applied to a run. Size, chunks and length of a run are not part of a recipe. The settings table's
 * own defaults stay char-rnn's: a file that lacks a setting was written when there was no alternative.
 */
export const recipeNames = ['modern', 'char-rnn'] as const;
export type RecipeName = (typeof recipeNames)[number];

/** The recipe of a new run on the command line, which presets also build on. */
export const defaultRecipe: RecipeName = 'modern';

/** The settings that a recipe decides. */
export const recipeKeys = [
  'layerNorm',
  'residual',
  'optimizer',
  'learningRate',
  'schedule',
  'warmup',
  'learningRateDecay',
  'learningRateDecayAfter',
  'decayRate',
  'clipBy',
  'gradientClip',
  'averageDecay',
  'weightDecay',
  'weightDrop',
  'shiftedEpochs',
] as const satisfies readonly (keyof RunSettings)[];
export type RecipeKey = (typeof recipeKeys)[number];
export type RecipeSettings = Pick<RunSettings, RecipeKey>;

const charRnn = pick(defaultRunSettings);

/** Every recipe with all of its settings. For the numbers of the modern recipe see docs/recipes.md. */
export const recipes: Readonly<Record<RecipeName, RecipeSettings>> = {
  modern: {
    ...charRnn,
    layerNorm: true,
    residual: 'on',
    optimizer: 'rmsprop',
    learningRate: 0.008,
    schedule: 'linear',
    warmup: 0.06,
    decayRate: 0.9,
    clipBy: 'element',
    gradientClip: 5,
    averageDecay: 0.999,
  },
  'char-rnn': charRnn,
};

/** A recipe's settings. */
export function recipeSettings(name: RecipeName): RecipeSettings {
  return recipes[name];
}

/** The recipe whose settings are all unchanged; null for custom settings. */
export function recipeOf(settings: RecipeSettings): RecipeName | null {
  return recipeNames.find((name) => recipeChanges(settings, name).length === 0) ?? null;
}

/** The settings that differ from a recipe's, in the table's order. */
export function recipeChanges(settings: RecipeSettings, name: RecipeName): readonly RecipeKey[] {
  return recipeKeys.filter((key) => settings[key] !== recipes[name][key]);
}

/** The recipe that settings differ from least; if there are two, the modern one. */
export function nearestRecipe(settings: RecipeSettings): RecipeName {
  return recipeChanges(settings, 'char-rnn').length < recipeChanges(settings, 'modern').length
    ? 'char-rnn'
    : 'modern';
}

/** The texts of the choice of a recipe. */
export const recipeWords: Readonly<Record<RecipeName, { readonly title: string; readonly effect: string }>> =
  {
    modern: {
      title: 'Modern',
      effect:
        'Layer-normalised cells, averaged weights and a rate that falls to zero at the planned end: a far better model in the same time.',
    },
    'char-rnn': {
      title: 'char-rnn’s',
      effect: 'Exactly the training of char-rnn, for comparing with its results and for older runs.',
    },
  };

function pick(settings: RunSettings): RecipeSettings {
  return Object.fromEntries(recipeKeys.map((key) => [key, settings[key]])) as unknown as RecipeSettings;
}
