import { z } from 'zod';
import { count } from './common.ts';

/** One number of a model's state. Layers and units count from 0 here, and from 1 in pages and on the command line. */
export const unitSchema = z.strictObject({
  /** h: the output. c: the memory, of LSTM models only. */
  state: z.enum(['h', 'c']),
  layer: count,
  unit: count,
});
export type Unit = Readonly<z.infer<typeof unitSchema>>;

/**
 * What a unit may follow in a text: pure functions of the symbols read so far, except for the three about what comes next. `yes` completes "more
 * active ..."; properties whose `yes` is null are numbers.
 */
export const builtInProperties = {
  quotes: { title: 'Inside quotation marks', yes: 'inside quotation marks' },
  brackets: { title: 'Inside brackets', yes: 'inside brackets' },
  'paragraph-start': { title: 'First 20 characters of a paragraph', yes: 'at the start of a paragraph' },
  'word-start': { title: 'First letter of a word', yes: 'at the first letter of a word' },
  'long-word': { title: 'Six and more letters into a word', yes: 'far into a long word' },
  capital: { title: 'Capital letter', yes: 'at a capital letter' },
  capitals: { title: 'Several capitals in a row', yes: 'in a run of capitals' },
  digit: { title: 'Digit', yes: 'at a digit' },
  indentation: { title: 'Indentation of a line', yes: 'in the spaces that begin a line' },
  'next-space': { title: 'A space comes next', yes: 'before a space' },
  'next-capital': { title: 'A capital comes next', yes: 'before a capital letter' },
  'next-sentence-end': { title: 'The sentence ends next', yes: 'before the end of a sentence' },
  'position-in-word': { title: 'Position in the word', yes: null },
  'position-in-sentence': { title: 'Position in the sentence', yes: null },
  'position-in-line': { title: 'Position in the line', yes: null },
  'position-in-paragraph': { title: 'Position in the paragraph', yes: null },
} as const satisfies Record<string, { readonly title: string; readonly yes: string | null }>;
export type BuiltInProperty = keyof typeof builtInProperties;
export const builtInPropertyNames = Object.keys(builtInProperties) as readonly BuiltInProperty[];

const mark = z.string().min(1).max(20);
/** A property that is looked for. */
export const propertyRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('built-in'), name: z.enum(builtInPropertyNames) }),
  /** Between an opening and a closing mark, which may be the same, like quotation marks. */
  z.strictObject({ kind: z.literal('pair'), open: mark, close: mark }),
  /** From the end of a word to the end of its sentence. */
  z.strictObject({ kind: z.literal('word'), word: z.string().min(1).max(100) }),
  /** Inside passages that the user marked; positions as in the pieces. */
  z.strictObject({
    kind: z.literal('passages'),
    passages: z
      .array(z.strictObject({ start: count, end: count }))
      .min(1)
      .max(1000)
      .readonly(),
  }),
]);
export type PropertyRequest = Readonly<z.infer<typeof propertyRequestSchema>>;

/** Verdicts: remembers; reacts to what it just read; nothing found; too rare here. */
export const verdicts = ['remembers', 'reacts', 'nothing', 'too-rare'] as const;
export type InspectionVerdict = (typeof verdicts)[number];

/** A property and the unit that follows it best. Chosen on one part of the text, scored on another. */
export const foundPropertySchema = z.strictObject({
  property: propertyRequestSchema,
  /** The built-in name, or the requested property: "( )", a word, "marked passages". */
  name: z.string(),
  title: z.string(),
  /** auc: probability that the unit is more active where the property holds. correlation: of ranks, with a number. */
  measure: z.enum(['auc', 'correlation']),
  verdict: z.enum(verdicts),
  /** The verdict with its numbers, as a sentence. */
  sentence: z.string(),
  /** Null where the property is too rare. */
  unit: unitSchema.nullable(),
  /** False: the unit is less active where the property holds, or the larger the number. The score is given in that direction. */
  isPositive: z.boolean(),
  score: z.number().nullable(),
  /** On the part of the text that the unit was chosen on. */
  chosenScore: z.number().nullable(),
  /** The highest score that any unit has with the labels rotated, 20 times. */
  chance: z.number().nullable(),
  /** What a table of the last 1, 3 and 6 symbols scores on the same text. */
  last: z.strictObject({ one: z.number(), three: z.number(), six: z.number() }).nullable(),
  /** Symbols of the scored text where it holds, and all of them; for a number both are the same. */
  positives: count,
  symbols: count,
  /** Other units that follow it, best first; scores on the part they were chosen on. */
  others: z.array(z.strictObject({ unit: unitSchema, chosenScore: z.number() })).readonly(),
});
export type FoundProperty = Readonly<z.infer<typeof foundPropertySchema>>;
