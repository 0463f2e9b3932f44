import { z } from 'zod';
import { count, fraction } from './common.ts';
import { comparedTextSchema } from './copies.ts';
import { sampleSettingsSchema } from './sample-settings.ts';

/** The id of a booklet's colophon: a script element that no browser runs. */
export const colophonId = 'charloom-colophon';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const partSchema = z.object({
  /** The position of its first symbol, from 0. There the random numbers start again, with everything before it as opening words. */
  from: count,
  /** Symbols that the random numbers alone would not produce, as position and code point (or byte): chosen by hand, or written with other settings. */
  chosen: z.array(z.tuple([count, count])).readonly(),
});
export type ColophonPart = Readonly<z.infer<typeof partSchema>>;

/** Everything needed to write exactly the same text again. */
export const colophonSchema = z.object({
  format: z.literal('charloom-colophon'),
  version: z.literal(1),
  /** Charloom's version. */
  writtenBy: z.string().max(64),
  /** The arithmetic variant: texts are identical only within one variant. */
  variant: z.string().max(120),
  checkpoint: z.object({
    /** As stored in the file, prefixed with `sha256:`. */
    checksum: z.string().max(100),
    /** Of the file. */
    name: z.string().max(255),
    epoch: z.number(),
    validationLoss: z.number().nullable(),
  }),
  /** The network, in words. */
  model: z.string().max(300),
  /** The text that the model learned from. */
  learned: z.object({ sha256: digest, bytes: count, characters: count }),
  symbols: z.enum(['characters', 'bytes']),
  /** With the opening words as the model read them, and the length of the text; stop texts do not apply. */
  settings: sampleSettingsSchema,
  parts: z.array(partSchema).min(1).readonly(),
  /** Of opening words and text together, as bytes in UTF-8. */
  sha256: digest,
});
export type Colophon = Readonly<z.infer<typeof colophonSchema>>;

/** A written text as a page describes it. */
export const writtenWithSchema = z.strictObject({
  settings: sampleSettingsSchema,
  text: comparedTextSchema,
  /** Positions at which a model read the text again before it continued. */
  starts: z.array(count).max(10_000).readonly(),
});

/** Progress while a colophon is made, and the colophon. */
export const colophonItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction }),
  /** The end of the stream. */
  z.strictObject({ kind: z.literal('found'), colophon: colophonSchema }),
]);
export type ColophonItem = Readonly<z.infer<typeof colophonItemSchema>>;

/** How many symbols the random numbers alone would not produce. */
export function chosenCount({ parts }: Pick<Colophon, 'parts'>): number {
  return parts.reduce((sum, { chosen }) => sum + chosen.length, 0);
}
