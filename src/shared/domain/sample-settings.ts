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
      'The model reads this first and continues it. If empty, the first symbol is drawn at random from the vocabulary.',
  },
  length: {
    kind: 'integer',
    flag: 'length',
    title: 'Length',
    minimum: 1,
    maximum: 100_000_000,
    default: 2000,
    unit: 'symbols, not counting the opening words',
    group: 'writing',
    charRnn: '-length',
    effect: 'Length of the text to write.',
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
    effect: 'Below 1, the text is safer and more repetitive; above 1, it is bolder with more mistakes.',
    slider: { minimum: 0.1, maximum: 2 },
  },
  greedy: {
    kind: 'switch',
    flag: 'greedy',
    title: 'Greedy',
    default: false,
    group: 'writing',
    charRnn: '-sample 0',
    effect: 'Always takes the likeliest symbol instead of drawing one; the temperature has no effect.',
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
    effect: 'Draws only from this many of the likeliest symbols, which avoids rare mistakes.',
    term: 'top-k',
    slider: { minimum: 0, maximum: 50 },
  },
  topP: {
    kind: 'number',
    flag: 'top-p',
    title: 'Likeliest share only',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1,
    default: 1,
    unit: 'of the probability, 1 for all',
    group: 'writing',
    effect:
      'Draws only from the smallest set of likeliest symbols that together have this share of the probability.',
    term: 'top-p',
    slider: { minimum: 0.05, maximum: 1 },
  },
  minP: {
    kind: 'number',
    flag: 'min-p',
    title: 'Minimum probability',
    minimum: 0,
    maximum: 1,
    default: 0,
    unit: 'relative to the likeliest symbol, 0 for all',
    group: 'writing',
    effect: 'Excludes symbols with less than this share of the likeliest symbol’s probability.',
    term: 'min-p',
    slider: { minimum: 0, maximum: 0.5 },
  },
  repetitionGuard: {
    kind: 'integer',
    flag: 'repetition-guard',
    title: 'Repetition guard',
    minimum: 0,
    maximum: 500,
    default: 0,
    unit: 'symbols, 0 for none',
    group: 'writing',
    effect:
      'Makes a symbol less likely if it would repeat a passage of this many symbols from the last 1,000.',
    term: 'repetition-guard',
    slider: { minimum: 0, maximum: 50 },
  },
  repetitionFactor: {
    kind: 'number',
    flag: 'repetition-factor',
    title: 'Repetition factor',
    minimum: 1,
    maximum: 1_000_000,
    default: 10,
    unit: '',
    group: 'writing',
    effect:
      'How many times less likely the repetition guard makes a symbol, for each occurrence of the passage.',
    term: 'repetition-guard',
    slider: { minimum: 1, maximum: 100, logarithmic: true },
  },
  greedyInWords: {
    kind: 'switch',
    flag: 'greedy-in-words',
    title: 'Greedy inside words',
    default: false,
    group: 'writing',
    effect: 'Draws only where a word may begin; inside a word, takes the likeliest symbol.',
    term: 'greedy-in-words',
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
    effect: 'The same seed gives the same text.',
    term: 'seed',
  },
  count: {
    kind: 'integer',
    flag: 'count',
    title: 'Texts',
    minimum: 1,
    maximum: 1000,
    default: 1,
    unit: '',
    group: 'writing',
    effect: 'Writes this many texts, one after another, each with the next seed.',
  },
  stop: {
    kind: 'text',
    flag: 'stop',
    title: 'Stop at',
    ...anything,
    default: '',
    group: 'writing',
    effect: 'Stops as soon as the model has written exactly this. If empty, it never stops early.',
    term: 'stop-text',
  },
  stopAtLineEnd: {
    kind: 'switch',
    flag: 'stop-at-line-end',
    title: 'Stop at a line end',
    default: false,
    group: 'writing',
    effect: 'Stops at the first line end after at least one other symbol.',
  },
  stopAtRecord: {
    kind: 'switch',
    flag: 'stop-at-record',
    title: 'Stop at the end of a record',
    default: false,
    group: 'writing',
    effect: 'Stops at the end of the first record, if the model was trained on records.',
    term: 'record',
  },
} as const satisfies Record<string, SettingDefinition>;

export type SampleSettings = SettingValues<typeof sampleSettings>;

/** Checks a complete set of sample settings; unknown keys are refused. */
export const sampleSettingsSchema = tableSchema(sampleSettings);

/** char-rnn's defaults. */
export const defaultSampleSettings = tableDefaults(sampleSettings);

const drawKeys = [
  'temperature',
  'greedy',
  'topK',
  'topP',
  'minP',
  'repetitionGuard',
  'repetitionFactor',
  'greedyInWords',
] as const satisfies readonly (keyof SampleSettings)[];

/** The settings that a symbol is drawn with: they may change between two symbols. */
export type DrawSettings = Pick<SampleSettings, (typeof drawKeys)[number]>;

/** Only those settings of a text that may change while it is written. */
export function drawSettingsOf<T extends DrawSettings>(settings: T): DrawSettings {
  return pickKeys(settings, drawKeys);
}

/** Checks a complete set of settings for drawing a symbol. */
export const drawSettingsSchema = tableSchema(pickKeys(sampleSettings, drawKeys));

/** The seed of each of several texts, starting with the first one's; seeds wrap to 0 after the largest. */
export function seedsOf({ seed, count }: Pick<SampleSettings, 'seed' | 'count'>): readonly number[] {
  return Array.from({ length: count }, (_, index) => (seed + index) % (sampleSettings.seed.maximum + 1));
}

function pickKeys<T extends object, K extends keyof T>(values: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, values[key]])) as unknown as Pick<T, K>;
}
