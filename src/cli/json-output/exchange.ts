import { z } from 'zod';
import { exportFormats } from '../../shared/domain/exchange.ts';
import { count } from './common.ts';

export const exportJson = z.object({
  format: z.enum(exportFormats),
  /** The folder or archive that was made. */
  path: z.string(),
  /** Of all its files. */
  bytes: count,
  checked: z.object({
    /** How many were fed to what was written. */
    symbols: count,
    /** Of a logit, between what was written and Charloom's own network, at temperature 1. */
    largest_difference: z.number().nonnegative(),
  }),
});
export type ExportJson = z.infer<typeof exportJson>;
