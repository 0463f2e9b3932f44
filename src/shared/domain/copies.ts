import { z } from 'zod';
import { byteSchema, count, fraction } from './common.ts';

/** How much of a text occurs word for word in another. */
export const shareSchema = z.strictObject({
  share: fraction,
  /** Symbols of the longest passage, 0 for none. */
  longest: count,
});

/** Positions in the sample: UTF-16 units of a given string, or bytes if bytes were given. */
const partSchema = z.strictObject({ start: count, end: count });

const passageSchema = partSchema.extend({
  /** Symbols. */
  length: count,
  /** First symbol in the text, from 0; its line, from 1. */
  position: count,
  line: z.int().min(1),
});
export type CopiedPassage = Readonly<z.infer<typeof passageSchema>>;

/** Passages of a written text that occur word for word in the training text of its model. */
export const copiesItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction }),
  /** The end of the stream. */
  z.strictObject({
    kind: z.literal('compared'),
    sample: shareSchema,
    /** The same for the author's held-out text; null if there is none. */
    control: shareSchema.nullable(),
    /** The longest first. */
    passages: z.array(passageSchema).readonly(),
    covered: z.array(partSchema).readonly(),
  }),
]);
export type CopiesItem = Readonly<z.infer<typeof copiesItemSchema>>;
export type Comparison = Omit<Extract<CopiesItem, { kind: 'compared' }>, 'kind'>;

const maxCompared = 1_000_000;

/** A written text; for a model of bytes its bytes, which need not be valid text. */
export const comparedTextSchema = z.union([
  z.string().min(1).max(maxCompared),
  z.array(byteSchema).min(1).max(maxCompared).readonly(),
]);
