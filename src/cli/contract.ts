import { z } from 'zod';

/**
 * What `--json` prints. Scripts rely on it: fields may be added, never renamed or removed. The commands take the types,
 * the tests hold the real program's output to the schemas. A number that JSON cannot write (not a number, infinity) is null.
 */

const count = z.int().nonnegative();
const loss = z.number().nullable();

export const inspectResult = z.object({
  file: z.string(),
  characters: count,
  bytes: count,
  vocabulary_size: count,
  encoding: z.string(),
  symbols: z.enum(['characters', 'bytes']),
  chunks: z.object({ total: count, train: count, val: count, test: count }),
  dropped: count,
  iterations_per_epoch: count,
  iterations: count,
  warnings: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      /** Options to add to the command; null when none would help. */
      fix: z.string().nullable(),
      blocking: z.boolean(),
    }),
  ),
  baselines: z.object({
    uniform: loss,
    unigram: loss,
    bigram: loss,
    trigram: loss,
  }),
  /** What its owner may want to mend. */
  health: z
    .array(
      z
        .object({
          code: z.string(),
          level: z.enum(['warning', 'note']),
          message: z.string(),
          count,
          examples: z.array(z.object({ line: count, text: z.string() }).readonly()).readonly(),
        })
        .readonly(),
    )
    .readonly(),
  vocabulary: z.array(z.object({ symbol: z.string(), count })),
});
export type InspectResult = z.infer<typeof inspectResult>;

/** One line each. Other kinds may be added: a reader skips what it does not know. */
export const trainEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('start'),
    run: z.string(),
    resumed: z.boolean(),
    i: count,
    iterations: count,
    iterations_per_epoch: count,
    characters: count,
    vocabulary_size: count,
    parameters: count,
    device: z.string(),
    threads: count,
  }),
  z.object({
    event: z.literal('step'),
    i: count,
    epoch: z.number(),
    loss,
    ms: z.number(),
    learning_rate: z.number(),
    gradient_norm: loss,
    parameter_norm: loss,
  }),
  z.object({ event: z.literal('eval'), i: count, epoch: z.number(), val_loss: loss }),
  z.object({
    event: z.literal('checkpoint'),
    path: z.string(),
    epoch: z.number(),
    val_loss: loss,
    i: count,
    reason: z.string(),
    best: z.boolean(),
  }),
  z.object({
    event: z.literal('explosion'),
    i: count,
    loss,
    kind: z.string(),
    action: z.enum(['stop', 'recover']),
  }),
  z.object({ event: z.literal('notice'), message: z.string() }),
  z.object({
    event: z.literal('done'),
    run: z.string(),
    end: z.enum(['finished', 'stopped', 'exploded']),
    i: count,
    best: z.string().nullable(),
  }),
]);
export type TrainEvent = z.infer<typeof trainEvent>;

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
  /** The largest of all errors below; null when something came out as not a number. */
  max_relative_error: z.number().nullable(),
  fixtures: z.array(
    z.object({
      fixture: z.string(),
      loss: z.number().nullable(),
      gradients: z.number().nullable(),
      state: z.number().nullable(),
      parameters: z.number().nullable(),
    }),
  ),
});
export type VerifyResult = z.infer<typeof verifyResult>;
