import { z } from 'zod';
import { cleaningStepSchema } from './cleaning.ts';
import { count } from './common.ts';

/** One place that a cleaning step changed, or would change, with a little of what stands around it. */
export const shownChangeSchema = z.strictObject({
  before: z.string().max(400),
  after: z.string().max(400),
  /** Where it stands in the text as it is now, in characters. */
  at: count,
});
export type ShownChange = Readonly<z.infer<typeof shownChangeSchema>>;

/** What a step found in a text: places, and the first of them. */
export const stepFindingSchema = z.strictObject({
  step: cleaningStepSchema,
  count,
  examples: z.array(shownChangeSchema).readonly(),
});
export type StepFinding = Readonly<z.infer<typeof stepFindingSchema>>;
