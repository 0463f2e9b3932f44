import { z } from 'zod';
import { nameSchema } from './common.ts';

/**
 * finished: it did all its iterations. stopped: it ended early, with everything kept. exploded: the loss left every bound. failed: an error
 * ended it. interrupted: its process is gone; it goes on from its last save.
 */
export const runEndings = ['finished', 'stopped', 'exploded', 'failed', 'interrupted'] as const;

/** How serious it is for whoever reads it. */
export const newsLevelSchema = z.enum(['good', 'warning', 'bad']);
export type NewsLevel = z.infer<typeof newsLevelSchema>;

/** A run that has ended without being told to by a person, who will want to know. */
export const runEndSchema = z.strictObject({
  /** Where its page is; null when it ended before it had a folder. */
  run: nameSchema.nullable(),
  name: z.string(),
  how: z.enum(runEndings),
  level: newsLevelSchema,
  /** What happened and what can be done, in one to three sentences. */
  message: z.string(),
});
export type RunEnd = Readonly<z.infer<typeof runEndSchema>>;
