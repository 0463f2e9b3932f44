import { z } from 'zod';
import { cellKinds } from './cells.ts';
import { residualModes } from './residual.ts';

export { isResidual, residualModes } from './residual.ts';

/** Everything that decides the shape of a network's parameters, plus the dropout it trains with. */
export const modelSpecSchema = z.strictObject({
  model: z.enum(cellKinds),
  /** V, number of distinct symbols. */
  vocabularySize: z.int().min(1).max(1_114_112),
  /** H, units per layer. */
  rnnSize: z.int().min(1).max(8192),
  /** L, stacked layers. */
  numLayers: z.int().min(1).max(32),
  /** Probability of DROPPING a unit (char-rnn's meaning), 0 up to but not including 1. */
  dropout: z.number().min(0).lt(1),
  /** Whether its cells are layer-normalised. */
  layerNorm: z.boolean(),
  residual: z.enum(residualModes),
});
export type ModelSpec = Readonly<z.infer<typeof modelSpecSchema>>;

/** A model without any optional part of a cell or layer: char-rnn's, without dropout. */
export const plainModel = { dropout: 0, layerNorm: false, residual: 'off' } as const;

/** Reads a shape from a file of any version: unknown keys are kept. */
export const storedModelSpecSchema: z.ZodType<ModelSpec> = modelSpecSchema
  .extend({ layerNorm: z.boolean().default(false), residual: z.enum(residualModes).default('off') })
  .loose();

const knownSchema = z.object(modelSpecSchema.shape);
const modelKeys = knownSchema.keyof().options;

/** A shape without the keys that only another version of Charloom knows: for pages and jobs. */
export function knownModelSpec(spec: ModelSpec): ModelSpec {
  return knownSchema.parse(spec);
}

/** Whether two shapes are the same, apart from keys that only another version of Charloom knows. */
export function isSameModel(a: ModelSpec, b: ModelSpec): boolean {
  return modelKeys.every((key) => a[key] === b[key]);
}

/** The keys that are also settings: all but the size of the vocabulary, which the text decides. */
const architectureSchema = knownSchema.omit({ vocabularySize: true });
export type Architecture = Readonly<z.infer<typeof architectureSchema>>;
export const architectureKeys = architectureSchema.keyof().options;

/** What a shape and a run's settings have in common. */
export function architectureOf(values: Architecture): Architecture {
  return architectureSchema.parse(values);
}
