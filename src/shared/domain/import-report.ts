import { z } from 'zod';
import { count, measure } from './common.ts';
import { modelSpecSchema } from './model-spec.ts';

/** A model that was imported, and the run that it has become. */
export const importReportSchema = z.strictObject({
  /** Absolute path of the run folder. */
  folder: z.string(),
  /** Absolute path of the checkpoint in it. */
  checkpoint: z.string(),
  /** One of `originPrograms`. */
  program: z.string(),
  spec: modelSpecSchema,
  symbols: z.enum(['characters', 'bytes']),
  /** Null if the file does not contain it. */
  validationLoss: measure,
  /** 0 if the file does not contain it. */
  iteration: count,
  /** Losses that the file records. */
  recordedLosses: count,
});
export type ImportReport = Readonly<z.infer<typeof importReportSchema>>;
