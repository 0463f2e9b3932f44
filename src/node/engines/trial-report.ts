import { z } from 'zod';

/** The report of a compute process on a backend that it tried. */
export const trialReportSchema = z.strictObject({
  /** Largest relative difference from the embedded backend over a few training steps. */
  difference: z.number().nonnegative(),
  /** Time until it was ready to train, in milliseconds. */
  openMilliseconds: z.number().nonnegative(),
});
export type TrialReport = Readonly<z.infer<typeof trialReportSchema>>;
