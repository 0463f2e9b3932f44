import { z } from 'zod';
import { count, moment, nameSchema } from './common.ts';

/** One run, checkpoint or imported model in the trash. */
export const trashedItemSchema = z.strictObject({
  kind: z.enum(['run', 'checkpoint', 'model']),
  /** The name of a run; the file of a checkpoint or model. */
  name: z.string(),
  /** The folder name of the run: the run itself, or the one that the checkpoint is from. Null for a model. */
  run: nameSchema.nullable(),
});
export type TrashedItem = Readonly<z.infer<typeof trashedItemSchema>>;

/** What one removal moved to the trash, and the key that restores it. */
export const trashedSchema = z.strictObject({
  undo: nameSchema,
  removed: moment,
  bytes: count,
  items: z.array(trashedItemSchema).min(1).readonly(),
});
export type Trashed = Readonly<z.infer<typeof trashedSchema>>;
