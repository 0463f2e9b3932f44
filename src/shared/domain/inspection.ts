import { z } from 'zod';
import { modelDescriptionSchema } from './checkpoint.ts';
import { byteSchema, count, fraction, measure, nameSchema } from './common.ts';
import { foundPropertySchema, propertyRequestSchema, unitSchema } from './inspected-properties.ts';
import { sampleSettingsSchema } from './sample-settings.ts';

/** Maximum number of symbols of a text that are read. */
export const maxInspectedSymbols = 100_000;
/** Maximum number of units that can be held at the same time. */
export const maxHeldUnits = 8;
/** Steps from the lowest value of a unit to its highest. */
export const percentileSteps = 20;
/** Symbols of one window. */
export const maxWindow = 5000;

/** What a model has just written. */
export const writtenTextSchema = z.strictObject({
  kind: z.literal('written'),
  text: z.string().max(maxInspectedSymbols),
  /** Instead of the text, for a model of bytes: its output need not be valid text. */
  bytes: z.array(byteSchema).max(maxInspectedSymbols).readonly().optional(),
});

/** What to read: the training text (its held-out part first), another text, or what was just written. */
export const inspectedTextSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('learned') }),
  z.strictObject({ kind: z.literal('text'), text: nameSchema }),
  writtenTextSchema,
]);
export type InspectedText = Readonly<z.infer<typeof inspectedTextSchema>>;

/** Where a unit is held: its percentile 99 or 1 over the text, its mean, or a value. */
export const holdLevelSchema = z.union([z.enum(['high', 'low', 'mean']), z.number()]);
export type HoldLevel = z.infer<typeof holdLevelSchema>;
export const holdSchema = z.strictObject({ unit: unitSchema, at: holdLevelSchema });
export type Hold = Readonly<z.infer<typeof holdSchema>>;

const request = { request: count };

/**
 * Requests of a page. Every answer names its request. A long-running question (`search`, `growth`, `write`, `silence`, `reach`) replaces the previous
 * one of its kind; `stop` cancels it.
 */
export const inspectionMessageSchema = z.discriminatedUnion('kind', [
  /** Symbols with a unit's activation, and with a property if one is given: answered by `window`. */
  z.strictObject({
    kind: z.literal('window'),
    ...request,
    unit: unitSchema,
    start: count,
    count: z.int().min(1).max(maxWindow),
    property: propertyRequestSchema.nullable(),
  }),
  /** What the model predicts after the symbol at a position: answered by `next`. */
  z.strictObject({ kind: z.literal('next'), ...request, position: count, count: z.int().min(1).max(50) }),
  /** Which of the last symbols mattered to that prediction: answered by `occlusion`. */
  z.strictObject({
    kind: z.literal('occlusion'),
    ...request,
    position: count,
    count: z.int().min(1).max(200),
  }),
  /** Places where the unit changes strongly, or where the property starts: answered by `places`. */
  z.strictObject({
    kind: z.literal('places'),
    ...request,
    unit: unitSchema,
    property: propertyRequestSchema.nullable(),
    count: z.int().min(1).max(500),
  }),
  /** The best unit of each property; every built-in one where none is given. Answered by `found` one by one, then `searched`. */
  z.strictObject({
    kind: z.literal('search'),
    ...request,
    properties: z.array(propertyRequestSchema).max(50).readonly(),
  }),
  /** The score of a unit in the checkpoints that the run kept, the earliest first: answered by `grown` one by one, then `growth-ended`. */
  z.strictObject({
    kind: z.literal('growth'),
    ...request,
    unit: unitSchema,
    property: propertyRequestSchema,
  }),
  /** Writes with units held and with them free, with the same seed: answered by `wrote` portion by portion, then `written`. */
  z.strictObject({
    kind: z.literal('write'),
    ...request,
    holds: z.array(holdSchema).min(1).max(maxHeldUnits).readonly(),
    settings: sampleSettingsSchema,
  }),
  /** The loss by next symbol with units held: answered by `silenced`. Silencing is holding at the mean. */
  z.strictObject({
    kind: z.literal('silence'),
    ...request,
    holds: z.array(holdSchema).min(1).max(maxHeldUnits).readonly(),
  }),
  /** The loss from only the last symbols: answered by `reach`. */
  z.strictObject({ kind: z.literal('reach'), ...request }),
  /** Places where the model is in a similar state: answered by `like`. */
  z.strictObject({ kind: z.literal('like'), ...request, position: count, count: z.int().min(1).max(50) }),
  z.strictObject({
    kind: z.literal('stop'),
    question: z.enum(['search', 'growth', 'write', 'silence', 'reach']),
  }),
]);
export type InspectionMessage = Readonly<z.infer<typeof inspectionMessageSchema>>;

/** A part that is read in one go, from zero states. Positions count the symbols of all pieces, one after the other. */
const pieceSchema = z.strictObject({
  start: count,
  end: count,
  /** Position of its first symbol in the text, in symbols. */
  position: count,
  /** Whether the model learned from it. */
  learned: z.boolean(),
});
export type InspectedPiece = Readonly<z.infer<typeof pieceSchema>>;

/** How a unit's values are distributed over all symbols that are read: tints and holds are based on it, never on a window. */
const unitScaleSchema = z.strictObject({
  mean: z.number(),
  /** Percentiles 1, 50 and 99. */
  low: z.number(),
  middle: z.number(),
  high: z.number(),
  /** At 0, 5, ..., 100 percent, ascending: ranks and tints are based on them. */
  percentiles: z
    .array(z.number())
    .length(percentileSteps + 1)
    .readonly(),
});
export type UnitScale = Readonly<z.infer<typeof unitScaleSchema>>;

const nextSymbolSchema = z.strictObject({
  index: count,
  /** As displayed; '' for a byte that completes no character. */
  text: z.string(),
  probability: fraction,
});

/** Counts in both texts, per 1,000 symbols. */
const countedSchema = z.strictObject({ name: z.string(), untouched: z.number(), held: z.number() });

const symbolLossSchema = z.strictObject({
  index: count,
  text: z.string(),
  /** Number of occurrences. */
  count,
  untouched: z.number(),
  held: z.number(),
});

export const inspectionItemSchema = z.discriminatedUnion('kind', [
  /** The first item: the model, and the text that is read. */
  modelDescriptionSchema.extend({
    kind: z.literal('ready'),
    textTitle: z.string(),
    /** Symbols to read, in all pieces. */
    length: count,
    pieces: z.array(pieceSchema).readonly(),
    /** Remarks on the text: shortened, partly unknown to the model, no held-out part. */
    remarks: z.array(z.string()).readonly(),
    /** Checkpoints that `growth` would examine. */
    checkpoints: count,
  }),
  /** Progress of the current work; `request` is null while the text is read for the first time. */
  z.strictObject({
    kind: z.literal('progress'),
    request: count.nullable(),
    doing: z.enum(['reading', 'searching', 'writing', 'measuring']),
    fraction,
  }),
  /** Columns of one length, and the scale of the unit over all that is read. */
  z.strictObject({
    kind: z.literal('window'),
    ...request,
    start: count,
    texts: z.array(z.string()).readonly(),
    values: z.array(z.number()).readonly(),
    /** Whether the property holds at the symbol, or its number (counted from 0); null if no property was requested. */
    labels: z.array(z.number()).readonly().nullable(),
    scale: unitScaleSchema,
  }),
  z.strictObject({
    kind: z.literal('next'),
    ...request,
    position: count,
    choices: z.array(nextSymbolSchema).readonly(),
    /** The actual symbol; null at the end of a piece. */
    actual: nextSymbolSchema.nullable(),
  }),
  /** For each of the last symbols, the one at the position last: how much the prediction changes without it (Kullback-Leibler divergence, nats). */
  z.strictObject({
    kind: z.literal('occlusion'),
    ...request,
    position: count,
    effects: z.array(z.number().nonnegative()).readonly(),
    /** The symbols themselves. */
    texts: z.array(z.string()).readonly(),
  }),
  /** In ascending order. */
  z.strictObject({ kind: z.literal('places'), ...request, positions: z.array(count).readonly() }),
  z.strictObject({ kind: z.literal('found'), ...request, property: foundPropertySchema }),
  z.strictObject({
    kind: z.literal('searched'),
    ...request,
    symbols: count,
    units: count,
    milliseconds: count,
  }),
  z.strictObject({
    kind: z.literal('grown'),
    ...request,
    file: nameSchema,
    epoch: z.number(),
    validationLoss: measure,
    /** Of the unit; null where the property is too rare. */
    score: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('growth-ended'), ...request }),
  /** The next portion of one of the two texts. */
  z.strictObject({
    kind: z.literal('wrote'),
    ...request,
    which: z.enum(['untouched', 'held']),
    text: z.string(),
  }),
  z.strictObject({
    kind: z.literal('written'),
    ...request,
    /** The values that the units were held at. */
    values: z.array(z.number()).readonly(),
    counted: z.array(countedSchema).readonly(),
  }),
  z.strictObject({
    kind: z.literal('silenced'),
    ...request,
    values: z.array(z.number()).readonly(),
    /** Mean losses over all symbols, nats. */
    untouched: z.number(),
    held: z.number(),
    /** By the symbol that came next; those with the largest total rise in loss come first. */
    symbols: z.array(symbolLossSchema).readonly(),
  }),
  /** Losses in nats, from only the last `characters` symbols, and from everything before. */
  z.strictObject({
    kind: z.literal('reach'),
    ...request,
    points: z.array(z.strictObject({ characters: z.int().min(1), loss: z.number() })).readonly(),
    all: z.number(),
    /** Number of places averaged. */
    places: count,
  }),
  /** Most similar first; cosine of the top layer's outputs. */
  z.strictObject({
    kind: z.literal('like'),
    ...request,
    places: z
      .array(
        z.strictObject({
          position: count,
          similarity: z.number(),
          before: z.string(),
          after: z.string(),
        }),
      )
      .readonly(),
  }),
  /** A question that cannot be answered; the stream continues. */
  z.strictObject({ kind: z.literal('problem'), ...request, message: z.string(), fix: z.string().nullable() }),
]);
export type InspectionItem = Readonly<z.infer<typeof inspectionItemSchema>>;
