import { z } from 'zod';
import { modelOriginSchema } from '../../shared/domain/model-origin.ts';
import { storedModelSpecSchema, type ModelSpec } from '../../shared/domain/model-spec.ts';
import { storedRunSettingsSchema, type RunSettings } from '../../shared/domain/run-settings.ts';
import type { Fields } from '../../shared/versioned.ts';
import { weightKinds } from '../../shared/domain/training-choices.ts';
import type { TensorMap } from '../backends/backend.ts';
import { noImprovement, type Improvement } from '../training/training-hooks.ts';

/** Identifies the text a run was trained on, so that a changed text is noticed instead of silently mixed in. */
const fingerprintFields = {
  /** sha256 of the file's bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  encoding: z.string().max(64),
  /** N, symbols after decoding. */
  characters: z.int().nonnegative(),
};
export type TextFingerprint = Readonly<Fields<typeof fingerprintFields>>;
export const textFingerprintSchema: z.ZodType<TextFingerprint> = z.looseObject(fingerprintFields);

/** Represents the text of an imported model, whose file does not name its training text. */
export const unknownText: TextFingerprint = {
  sha256: '0'.repeat(64),
  bytes: 0,
  encoding: '',
  characters: 0,
};

/** Whether it is known which text a model learned from. */
export function isTextKnown({ sha256 }: Pick<TextFingerprint, 'sha256'>): boolean {
  return sha256 !== unknownText.sha256;
}

const improvementFields = {
  lowestLoss: z.number().nullable(),
  evaluationsSince: z.int().nonnegative(),
  countedAt: z.int().nonnegative(),
};
const improvementSchema: z.ZodType<Improvement> = z.looseObject(improvementFields);

/**
 * The description of a checkpoint besides its tensors. It contains no time and no path: the same run gives the same bytes however often it was
 * stopped, and a shared checkpoint reveals nothing about the machine it was made on. Files of other versions are read as well: missing settings get
 * their defaults, and unknown keys are kept.
 */
const metadataFields = {
  /** Incremented when the meaning of a field changes; codec.ts upgrades older files. */
  formatVersion: z.literal(2),
  /** Charloom's version. */
  writtenBy: z.string().max(64),
  spec: storedModelSpecSchema,
  symbols: z.enum(['characters', 'bytes']),
  /** One entry per symbol in index order; in bytes mode the character with the byte's value. */
  vocabulary: z.array(z.string().min(1).max(2)).min(1),
  settings: storedRunSettingsSchema,
  text: textFingerprintSchema,
  /** Iterations done, from 0. */
  iteration: z.int().nonnegative(),
  iterationsPerEpoch: z.int().positive(),
  /** iteration / iterationsPerEpoch, a real number as in char-rnn. */
  epoch: z.number().nonnegative(),
  /** The learning rate of the NEXT step, decay and recoveries included; 0 where a falling learning rate has reached its end. */
  learningRate: z.number().nonnegative(),
  /** Loss of the first iteration, which the explosion check compares with; null before it. */
  firstLoss: z.number().nullable(),
  /** Loss of the last training batch; null before the first. */
  trainLoss: z.number().nullable(),
  /** Null for a resume point, which is not evaluated. */
  validationLoss: z.number().nullable(),
  /** The weights that `validationLoss` was measured with and that the model uses: the trained ones, or their average (`average.*`). */
  weights: z.enum(weightKinds).default('trained'),
  /** Both measurements, where the run averages its weights. */
  trainedLoss: z.number().nullable().optional(),
  averagedLoss: z.number().nullable().optional(),
  /** For stopping early (training-hooks.ts). */
  improvement: improvementSchema.default(noImprovement),
  /** Times the run was rolled back after an explosion. */
  recoveries: z.int().nonnegative(),
  /** Iterations restart at 1 after a warm start; this is the checkpoint file it came from, without its folder. */
  initializedFrom: z.string().max(255).nullable(),
  /** Arithmetic variant that wrote it: bit-identity holds only within one. */
  variant: z.string().max(120),
  /** Where the model was imported from; missing where Charloom trained it here. */
  origin: modelOriginSchema.optional(),
};
export type CheckpointMetadata = Readonly<Fields<typeof metadataFields>>;

/** The fields, checked to agree with each other. */
export const checkpointMetadataSchema: z.ZodType<CheckpointMetadata> = z
  .looseObject(metadataFields)
  .refine(({ vocabulary, spec }) => vocabulary.length === spec.vocabularySize, {
    error: 'the vocabulary has another size than the model',
    path: ['vocabulary'],
  })
  .refine(({ spec, settings, symbols }) => agrees(spec, settings) && symbols === settings.symbols, {
    error: 'do not describe the model in the file',
    path: ['settings'],
  });

/** A checkpoint as values: what is written to the file and read from it. */
export interface Checkpoint {
  readonly metadata: CheckpointMetadata;
  /** Parameters, `optimizer.*` and `state.*` under their canonical names. */
  readonly tensors: TensorMap;
}

function agrees(spec: ModelSpec, settings: RunSettings): boolean {
  return (
    spec.model === settings.model &&
    spec.rnnSize === settings.rnnSize &&
    spec.numLayers === settings.numLayers &&
    spec.dropout === settings.dropout &&
    spec.layerNorm === settings.layerNorm &&
    spec.residual === settings.residual
  );
}
