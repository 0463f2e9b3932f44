import { z } from 'zod';
import { weightKinds } from './training-choices.ts';
import { knownOriginSchema } from './model-origin.ts';
import { modelSpecSchema } from './model-spec.ts';
import { count, measure, moment, nameSchema } from './common.ts';

/** The weights that a loss belongs to and that a model is used with; missing where they are the trained ones. */
const usedWeightsSchema = z.enum(weightKinds).optional();

export const checkpointSchema = z.strictObject({
  file: nameSchema,
  iteration: count,
  epoch: z.number(),
  trainLoss: measure,
  validationLoss: measure,
  weights: usedWeightsSchema,
  learningRate: z.number(),
  bytes: count,
  modified: moment,
  /** True for the lowest validation loss: the one to use. */
  best: z.boolean(),
  last: z.boolean(),
  star: z.boolean(),
  note: z.string(),
  /** Why it cannot be used; null when it can. */
  problem: z.string().nullable(),
});
export type Checkpoint = Readonly<z.infer<typeof checkpointSchema>>;

/** What was moved to the trash, and the key that restores it. */
export const removalSchema = z.strictObject({
  undo: nameSchema,
  bytes: count,
  files: z.array(z.string()).readonly(),
  /** A checkpoint that was requested and saved, with the reason. */
  kept: z.array(z.strictObject({ file: z.string(), reason: z.string() })).readonly(),
});
export type Removal = Readonly<z.infer<typeof removalSchema>>;

/** A checkpoint file from elsewhere, stored in Charloom's folder. */
export const importedModelSchema = z.strictObject({
  file: nameSchema,
  spec: modelSpecSchema,
  epoch: z.number(),
  iteration: count,
  validationLoss: measure,
  bytes: count,
  added: moment,
});
export type ImportedModel = Readonly<z.infer<typeof importedModelSchema>>;

/** A model without its parameters: everything that decides whether a run can start from it. */
export const modelDescriptionSchema = z.strictObject({
  /** The run's name, or an imported model's file. */
  title: z.string(),
  spec: modelSpecSchema,
  epoch: z.number(),
  validationLoss: measure,
  weights: usedWeightsSchema,
  symbols: z.enum(['characters', 'bytes']),
  /** Every symbol by index: a character, or the character with a byte's value. */
  vocabulary: z.array(z.string()).readonly(),
  /** Where it was imported from; missing where it was trained here. */
  origin: knownOriginSchema.optional(),
});
export type ModelDescription = Readonly<z.infer<typeof modelDescriptionSchema>>;

export const comparisonSchema = z.strictObject({
  /** "Run B differs only in dropout ...". */
  sentence: z.string(),
  /** Why losses cannot be compared, when they cannot. */
  warnings: z.array(z.string()).readonly(),
  rows: z
    .array(
      z.strictObject({
        key: z.string(),
        title: z.string(),
        group: z.enum(['text', 'settings', 'results']),
        /** One for each run, as people read it. */
        values: z.array(z.string()).readonly(),
        differs: z.boolean(),
        /** Index of the better run; null where nothing is better. */
        better: count.nullable(),
      }),
    )
    .readonly(),
});
export type Comparison = Readonly<z.infer<typeof comparisonSchema>>;
