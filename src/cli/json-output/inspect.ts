import { z } from 'zod';
import { count, loss } from './common.ts';

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
  /** Problems that the author may want to fix. */
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
