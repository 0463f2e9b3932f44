import { z } from 'zod';
import { unexpectedEnds } from './run-ends.ts';
import { nameSchema } from './common.ts';

/** How serious it is for whoever reads it. */
export const newsLevelSchema = z.enum(['good', 'warning', 'bad']);
export type NewsLevel = z.infer<typeof newsLevelSchema>;

/** A run that has ended without being told to by a person, who will want to know. */
export const runEndSchema = z.strictObject({
  run: nameSchema,
  name: z.string(),
  how: z.enum(unexpectedEnds),
  level: newsLevelSchema,
  /** What happened and what can be done, in one to three sentences. */
  message: z.string(),
});
export type RunEnd = Readonly<z.infer<typeof runEndSchema>>;
