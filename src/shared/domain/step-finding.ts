import { z } from 'zod';
import { cleaningStepSchema } from './cleaning.ts';
import { count } from './common.ts';

/** One place that a cleaning step changed or would change, with some context. */
export const shownChangeSchema = z.strictObject({
  before: z.string().max(400),
  after: z.string().max(400),
  /** Its position in the current text, in characters. */
  at: count,
});
export type ShownChange = Readonly<z.infer<typeof shownChangeSchema>>;

/** What a step found in a text: the number of places, and the first of them. */
export const stepFindingSchema = z.strictObject({
  step: cleaningStepSchema,
  count,
  examples: z.array(shownChangeSchema).readonly(),
});
export type StepFinding = Readonly<z.infer<typeof stepFindingSchema>>;
