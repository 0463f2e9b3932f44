import { z } from 'zod';
import { exportFormats } from '../../shared/domain/exchange.ts';
import { count } from './common.ts';

export const exportJson = z.object({
  format: z.enum(['page', ...exportFormats]),
  /** The folder or archive that was made. */
  path: z.string(),
  /** Of all its files. */
  bytes: count,
  checked: z.object({
    /** The number of symbols fed to the exported model. */
    symbols: count,
    /** Largest difference of a logit between the export and Charloom's own network, at temperature 1. */
    largest_difference: z.number().nonnegative(),
  }),
  /** For a page that writes: how much its samples copy from the model's training text. */
  copies: z
    .discriminatedUnion('compared', [
      z.object({
        compared: z.literal(true),
        samples: count,
        /** Of all samples together. */
        symbols: count,
        /** Share of the symbols in passages that occur word for word in the text, 0..1. */
        share: z.number().min(0).max(1),
        /** Symbols of the longest passage, 0 for none. */
        longest: count,
        /** The same share of the author's held-out text; null if there is none. */
        author_share: z.number().min(0).max(1).nullable(),
        /** The longest passages, at most three. */
        passages: z.array(z.string()),
      }),
      z.object({ compared: z.literal(false), reason: z.string() }),
    ])
    .optional(),
});
export type ExportJson = z.infer<typeof exportJson>;
