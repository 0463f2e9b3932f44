import type { SettingDefinition } from './setting-definition.ts';
import { tableDefaults, tableSchema, type SettingValues } from './setting-table.ts';

const anything = { pattern: /^[\s\S]*$/u, patternMeaning: 'may be any text' } as const;

/** Every setting of writing with a model, with char-rnn's defaults (sample.lua at 6f9487a). Data, like the run settings. */
export const sampleSettings = {
  primeText: {
    kind: 'text',
    flag: 'prime-text',
    title: 'Opening words',
    ...anything,
    default: '',
    group: 'writing',
    charRnn: '-primetext',
    effect:
      'The model reads this first and goes on from it; without it the first symbol is drawn by lot from the vocabulary.',
  },
  length: {
    kind: 'integer',
    flag: 'length',
    title: 'Length',
    minimum: 1,
    maximum: 100_000_000,
    default: 2000,
    unit: 'symbols, the opening words not counted',
    group: 'writing',
    charRnn: '-length',
    effect: 'How much to write.',
    slider: { minimum: 50, maximum: 10_000, logarithmic: true },
  },
  temperature: {
    kind: 'number',
    flag: 'temperature',
    title: 'Temperature',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 100,
    default: 1,
    unit: '',
    group: 'writing',
    charRnn: '-temperature',
    effect: 'Below 1 the writing is safer and repeats itself, above 1 bolder with more mistakes.',
    slider: { minimum: 0.1, maximum: 2 },
  },
  greedy: {
    kind: 'switch',
    flag: 'greedy',
    title: 'Greedy',
    default: false,
    group: 'writing',
    charRnn: '-sample 0',
    effect: 'Always takes the likeliest symbol instead of drawing one; the temperature then has no say.',
  },
  topK: {
    kind: 'integer',
    flag: 'top-k',
    title: 'Likeliest symbols only',
    minimum: 0,
    maximum: 1_114_112,
    default: 0,
    unit: 'symbols, 0 for all',
    group: 'writing',
    effect: 'Draws only among this many of the likeliest symbols, which keeps rare slips out.',
    term: 'top-k',
    slider: { minimum: 0, maximum: 50 },
  },
  seed: {
    kind: 'integer',
    flag: 'seed',
    title: 'Seed',
    minimum: 0,
    maximum: 4_294_967_295,
    default: 123,
    unit: '',
    group: 'writing',
    charRnn: '-seed',
    effect: 'The same seed gives the same text; another seed gives another.',
    term: 'seed',
  },
  stop: {
    kind: 'text',
    flag: 'stop',
    title: 'Stop at',
    ...anything,
    default: '',
    group: 'writing',
    effect: 'Ends as soon as the model has written exactly this; empty never stops early.',
    term: 'stop-text',
  },
} as const satisfies Record<string, SettingDefinition>;

export type SampleSettings = SettingValues<typeof sampleSettings>;

/** Checks a complete set of sample settings; unknown keys are refused. */
export const sampleSettingsSchema = tableSchema(sampleSettings);

/** char-rnn's defaults. */
export const defaultSampleSettings = tableDefaults(sampleSettings);
