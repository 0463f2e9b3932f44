import { z } from 'zod';
import { formatSymbol } from '../format/symbols.ts';
import { drawSettingsSchema, sampleSettingsSchema } from './sample-settings.ts';
import { modelDescriptionSchema } from './checkpoint.ts';
import { byteSchema, count, fraction } from './common.ts';

const choiceSchema = z.strictObject({ index: count, text: z.string(), probability: fraction });
export type Choice = Readonly<z.infer<typeof choiceSchema>>;

const unknownCharacterSchema = z.strictObject({
  character: z.string(),
  count,
  /** What is read instead; '' if it is left out without effect, null if there is no similar symbol. */
  replacement: z.string().nullable(),
});
export type UnknownCharacter = Readonly<z.infer<typeof unknownCharacterSchema>>;

/** The message if a model knows none of the opening words. */
export const nothingLeftSentence = 'None of the opening words can be used: the text starts at random.';

/** Why the stop text will never be met; null when it may be. */
export function neverStopsSentence(stop: string, unknown: readonly UnknownCharacter[]): string | null {
  const missing = unknown.filter(({ replacement }) => replacement === null);
  if (missing.length === 0) return null;
  const named = missing.map(({ character }) => formatSymbol(character)).join(', ');
  return `The model never writes the stop text ${formatSymbol(stop)}: it does not know ${named}. The text has its full length.`;
}

/** Why a text will never end with its line. */
export const neverEndsLineSentence =
  'The model never writes a line end, because its text had none. The text has its full length.';

export const writeMessageSchema = z.discriminatedUnion('kind', [
  /**
   * Starts a new text. `pace` is symbols a second, 0 for as fast as possible; `bytes` is what a model of bytes has written after the opening words,
   * which it reads before it continues.
   */
  z.strictObject({
    kind: z.literal('write'),
    settings: sampleSettingsSchema,
    pace: count,
    bytes: z.array(byteSchema).max(1_000_000).readonly().optional(),
  }),
  /** Continues after the current text. */
  z.strictObject({ kind: z.literal('continue'), length: z.int().min(1).max(1_000_000) }),
  z.strictObject({ kind: z.literal('adjust'), adjustment: drawSettingsSchema }),
  z.strictObject({ kind: z.literal('stop') }),
  /** What else could have stood at a position of the written text (0 is the first new symbol). */
  z.strictObject({ kind: z.literal('alternatives'), position: count }),
  /** Cuts the text at a position, puts this symbol there and continues. */
  z.strictObject({
    kind: z.literal('take'),
    position: count,
    index: count,
    length: z.int().min(0).max(1_000_000),
  }),
  z.strictObject({ kind: z.literal('check'), text: z.string().max(1_000_000) }),
]);

export const writeItemSchema = z.discriminatedUnion('kind', [
  modelDescriptionSchema.extend({ kind: z.literal('ready') }),
  /** The opening words as the model reads them, and its unknown characters. A new text starts. */
  z.strictObject({
    kind: z.literal('begun'),
    primeText: z.string(),
    unknown: z.array(unknownCharacterSchema).readonly(),
    /** The same for the stop text. */
    stopUnknown: z.array(unknownCharacterSchema).readonly(),
    /** True when the text is to end with its line but the model knows no line end. */
    neverEndsLine: z.boolean(),
  }),
  /** Symbols from `position` on; what stood there and after it is replaced. Columns of one length. */
  z.strictObject({
    kind: z.literal('symbols'),
    position: count,
    /** May be '' while the bytes of a character are incomplete. */
    texts: z.array(z.string()).readonly(),
    probabilities: z.array(fraction).readonly(),
    /** The byte of each symbol, for a model of bytes; missing for a model of characters. */
    bytes: z.array(byteSchema).readonly().optional(),
  }),
  /** `length`: everything requested has been written. */
  z.strictObject({
    kind: z.literal('ended'),
    reason: z.enum(['length', 'stop-text', 'line-end', 'record-end', 'stopped']),
  }),
  z.strictObject({
    kind: z.literal('alternatives'),
    position: count,
    choices: z.array(choiceSchema).readonly(),
  }),
  z.strictObject({
    kind: z.literal('checked'),
    text: z.string(),
    unknown: z.array(unknownCharacterSchema).readonly(),
  }),
]);
export type WriteItem = Readonly<z.infer<typeof writeItemSchema>>;
export type WriteMessage = Readonly<z.infer<typeof writeMessageSchema>>;
