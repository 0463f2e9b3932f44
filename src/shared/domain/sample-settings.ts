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
    effect: 'Draws only among the fewest likeliest symbols that have this share of the probability together.',
    term: 'top-p',
    slider: { minimum: 0.05, maximum: 1 },
  },
  minP: {
    kind: 'number',
    flag: 'min-p',
    title: 'Least probability',
    minimum: 0,
    maximum: 1,
    default: 0,
    unit: 'of the likeliest symbol’s, 0 for all',
    group: 'writing',
    effect: 'Leaves out symbols that have less than this share of the likeliest one’s probability.',
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
      'Makes a symbol less likely where it would repeat this many symbols in a row from the last 1,000.',
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
      'How many times less likely the repetition guard makes a symbol, for each time the passage stands there.',
    term: 'repetition-guard',
    slider: { minimum: 1, maximum: 100, logarithmic: true },
  },
  greedyInWords: {
    kind: 'switch',
    flag: 'greedy-in-words',
    title: 'Greedy inside words',
    default: false,
    group: 'writing',
    effect: 'Draws only where a word may begin; inside a word the likeliest symbol is taken.',
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
    effect: 'The same seed gives the same text; another seed gives another.',
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
    effect: 'Writes this many texts, one below the other; each takes the seed after that of the one before.',
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
  stopAtLineEnd: {
    kind: 'switch',
    flag: 'stop-at-line-end',
    title: 'Stop at a line end',
    default: false,
    group: 'writing',
    effect: 'Ends with the first line end that the model writes after at least one other symbol.',
  },
  stopAtRecord: {
    kind: 'switch',
    flag: 'stop-at-record',
    title: 'Stop at the end of a record',
    default: false,
    group: 'writing',
    effect: 'Ends with the first record, where the model has learned from a text of records.',
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

/** What a symbol is drawn with: it may change between two symbols. */
export type DrawSettings = Pick<SampleSettings, (typeof drawKeys)[number]>;

/** Those settings of a text that may change while it is written, and no others. */
export function drawSettingsOf<T extends DrawSettings>(settings: T): DrawSettings {
  return pickKeys(settings, drawKeys);
}

/** Checks a complete set of what a symbol is drawn with. */
export const drawSettingsSchema = tableSchema(pickKeys(sampleSettings, drawKeys));

/** The seed of each of several texts, the first one's own first; seeds begin again at 0 after the largest. */
export function seedsOf({ seed, count }: Pick<SampleSettings, 'seed' | 'count'>): readonly number[] {
  return Array.from({ length: count }, (_, index) => (seed + index) % (sampleSettings.seed.maximum + 1));
}

function pickKeys<T extends object, K extends keyof T>(values: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, values[key]])) as unknown as Pick<T, K>;
}
