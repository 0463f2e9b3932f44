import { z } from 'zod';
import { count, fraction, measure, moment, nameSchema } from './common.ts';

/** An imported text (dropped, chosen, uploaded), or a bundled sample. Pages refer to it by its id, never by its path alone. */
export const textSchema = z.strictObject({
  id: nameSchema,
  /** File name or book title, for people. */
  title: z.string().max(255),
  /** Where it is, for display. */
  path: z.string().max(32_768),
  bytes: count,
  source: z.enum(['file', 'upload', 'sample']),
  /** Author and year, or what a sample is suitable for; empty for other texts. */
  about: z.string().max(500),
  lastUsed: moment.nullable(),
});
export type Text = Readonly<z.infer<typeof textSchema>>;

/** How the bytes of a text become symbols. */
export const readingSchema = z.strictObject({
  /** Null: guess. */
  encoding: z.string().max(64).nullable(),
  symbols: z.enum(['characters', 'bytes']),
  lineEnds: z.enum(['keep', 'lf']),
});
export type Reading = Readonly<z.infer<typeof readingSchema>>;

export const encodingGuessSchema = z.strictObject({
  encoding: z.string(),
  source: z.enum(['forced', 'byte-order-mark', 'form', 'guess']),
  confidence: fraction,
  markBytes: count,
  alternatives: z.array(z.string()).readonly(),
});

/** What counting alone would score on the validation split, in nats per symbol; null where a split is empty. */
export const baselinesSchema = z.strictObject({
  uniform: measure,
  unigram: measure,
  bigram: measure,
  trigram: measure,
  isEstimate: z.boolean(),
});
export type BaselineLosses = Readonly<z.infer<typeof baselinesSchema>>;

export const findingSchema = z.strictObject({
  code: z.string().max(64),
  level: z.enum(['warning', 'note']),
  message: z.string(),
  count,
  examples: z.array(z.strictObject({ line: count, text: z.string() })).readonly(),
});
export type Finding = Readonly<z.infer<typeof findingSchema>>;

export const textReportSchema = z.strictObject({
  characters: count,
  bytes: count,
  lines: count,
  lineEnds: z.strictObject({ lf: count, crlf: count, cr: count }),
  encoding: encodingGuessSchema,
  /** Every symbol by code, ascending. */
  vocabulary: z.array(z.strictObject({ code: count, count, firstLine: count })).readonly(),
  findings: z.array(findingSchema).readonly(),
});
export type TextReport = Readonly<z.infer<typeof textReportSchema>>;

/** The numbers that decide how a text is split. */
export const cutSchema = z.strictObject({
  batchSize: z.int().min(1).max(65_536),
  sequenceLength: z.int().min(1).max(65_536),
  trainFraction: z.number().min(0).max(1),
  validationFraction: z.number().min(0).max(1),
});
export type Cut = Readonly<z.infer<typeof cutSchema>>;

/** Reading a text: progress, the report, then answers to requests while it is open. */
export const inspectItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction, doing: z.enum(['reading', 'measuring']) }),
  z.strictObject({ kind: z.literal('report'), report: textReportSchema }),
  /** Symbols `start` up to but not including `start + codes.length`, as code points (byte values in bytes mode). */
  z.strictObject({ kind: z.literal('excerpt'), start: count, codes: z.array(count).readonly() }),
  z.strictObject({ kind: z.literal('baselines'), cut: cutSchema, baselines: baselinesSchema }),
  /** The text in the symbols of another vocabulary. */
  z.strictObject({
    kind: z.literal('translated'),
    /** Which question this answers. */
    request: count,
    /** Number of symbols after that, and of those left out. */
    characters: count,
    leftOut: count,
    /** How often a replacement is read instead of an unknown symbol. */
    replaced: count,
    /** Unknown symbols and their replacements, the most frequent first; not all if there are very many. */
    unknown: z
      .array(z.strictObject({ character: z.string(), count, replacement: z.string().nullable() }))
      .readonly(),
    /** How many there are. */
    different: count,
  }),
  /** Positions where the text matches a search. */
  z.strictObject({
    kind: z.literal('found'),
    search: z.string(),
    total: count,
    positions: z.array(count).readonly(),
    /** The position after each match: a match may have more or fewer symbols than the search. */
    ends: z.array(count).readonly(),
  }),
]);
export type InspectItem = Readonly<z.infer<typeof inspectItemSchema>>;

export const inspectMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('excerpt'), start: count, count: z.int().min(1).max(20_000) }),
  /** Measures the baselines on another split. */
  z.strictObject({ kind: z.literal('measure'), cut: cutSchema }),
  /** Asks what would become of the text in a model's vocabulary, one entry for each symbol in its order. */
  z.strictObject({
    kind: z.literal('translate'),
    request: count,
    vocabulary: z.array(z.string().min(1).max(2)).min(1).max(1_114_112).readonly(),
  }),
  z.strictObject({ kind: z.literal('find'), search: z.string().min(1).max(200) }),
]);
