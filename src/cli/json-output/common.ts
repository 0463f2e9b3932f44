import { z } from 'zod';

/** Parts that several results share. A number that JSON cannot represent (NaN, infinity) is null. */
export const count = z.int().nonnegative();
export const loss = z.number().nullable();

/** What became of a run. */
export const verdict = z.object({
  kind: z.enum([
    ...(['too-short', 'learning', 'plateau', 'overfitting', 'exploding', 'exploded'] as const),
    'complete',
    'ended-early',
  ]),
  sentence: z.string(),
  advice: z.string().nullable(),
  /** The epoch of the lowest validation loss, if the run has been overfitting since. */
  since_epoch: z.number().nullable(),
});
export type VerdictResult = z.infer<typeof verdict>;

/** A character that a model does not know: null means that it was left out, '' that it was left out without effect. */
export const replacement = z.object({ character: z.string(), count, replacement: z.string().nullable() });
export type Replacement = z.infer<typeof replacement>;
