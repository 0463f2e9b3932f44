import { z } from 'zod';
import { count } from './common.ts';

export const benchResult = z.object({
  backend: z.string(),
  device: z.string(),
  threads: z.int().positive(),
  ms_per_step: z.number().positive(),
  chars_per_s: z.number().positive(),
  sample_chars_per_s: z.number().positive(),
  rss_mb: z.number().positive(),
  /** Median without V8's revectorise flag; null where it makes no difference to the backend or was not measured. */
  ms_per_step_without_revectorize: z.number().positive().nullable(),
  model: z.string(),
  rnn_size: count,
  num_layers: count,
  layer_norm: z.boolean(),
  /** Whether layers have residual connections. */
  residual: z.boolean(),
  batch_size: count,
  seq_length: count,
  vocabulary_size: count,
  parameters: count,
  steps: count,
});
export type BenchResult = z.infer<typeof benchResult>;

export const verifyResult = z.object({
  backend: z.string(),
  device: z.string(),
  tolerance: z.number(),
  passed: z.boolean(),
  /** The largest of all errors below; null if any result was NaN. */
  max_relative_error: z.number().nullable(),
  fixtures: z.array(
    z.object({
      fixture: z.string(),
      loss: z.number().nullable(),
      gradients: z.number().nullable(),
      state: z.number().nullable(),
      parameters: z.number().nullable(),
      /** Of the averaged weights; missing where the golden numbers have none. */
      average: z.number().nullable().optional(),
    }),
  ),
});
export type VerifyResult = z.infer<typeof verifyResult>;
