import { z } from 'zod';

/** A compute process's report on the card that an engine opens. */
export const cardReportSchema = z.strictObject({
  /** The card's name for people, with its driver. */
  label: z.string(),
  driver: z.string(),
  /** Largest relative difference from the embedded backend over a few training steps; null when none were trained. */
  difference: z.number().nonnegative().nullable(),
  /** From nothing loaded to the open card, in milliseconds. */
  openMilliseconds: z.number().nonnegative(),
});
export type CardReport = Readonly<z.infer<typeof cardReportSchema>>;

export interface CardProbeOptions {
  /** Whether a small model is trained on the card, which takes seconds. */
  readonly train: boolean;
  readonly signal: AbortSignal;
}

/**
 * Opens the card that the engine in a folder finds, in a separate process. Rejects with CharloomError 'backend-unavailable' (no card, only a software
 * renderer, or a failing driver) or 'cancelled'.
 */
export type CardProbe = (folder: string, options: CardProbeOptions) => Promise<CardReport>;
