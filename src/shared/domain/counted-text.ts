import { z } from 'zod';
import { count, fraction } from './common.ts';
import type { Reading } from './text.ts';

/** A text, and how to read it. */
export interface TextReading extends Reading {
  readonly path: string;
}

/** What counting a text, read in a given way, results in. */
export const countedTextSchema = z.strictObject({
  characters: count,
  /** Different symbols in it. */
  vocabularySize: count,
  /** Of the file's bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CountedText = Readonly<z.infer<typeof countedTextSchema>>;

/** What a process that counts a text reports. */
export const countTextItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction }),
  z.strictObject({ kind: z.literal('counted'), text: countedTextSchema }),
]);
export type CountTextItem = Readonly<z.infer<typeof countTextItemSchema>>;
