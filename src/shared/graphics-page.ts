import { z } from 'zod';

/**
 * Messages between the desktop application's main process and the page in its hidden window. The page has access to the graphics card, and each window does
 * one task for the process at the other end of the port it receives.
 */

const name = z.string().max(300);

export const graphicsTaskSchema = z.discriminatedUnion('task', [
  /** Reports over the port which card there is (`graphicsAnswerSchema`). */
  z.strictObject({ task: z.literal('describe') }),
  /**
   * Serves a backend on the card over the port (src/engine/backends/remote), under the names that the system uses for it: a page knows little about
   * the card.
   */
  z.strictObject({ task: z.literal('compute'), card: name, driver: name, software: z.boolean() }),
]);
export type GraphicsTask = Readonly<z.infer<typeof graphicsTaskSchema>>;

export const graphicsAnswerSchema = z.discriminatedUnion('found', [
  z.strictObject({
    found: z.literal('card'),
    /** The card's name, as far as a page knows it; only a family ("nvidia ampere") where that is all it knows. */
    label: name,
    driver: name,
    /** Whether the processor emulates the card. */
    fallback: z.boolean(),
  }),
  z.strictObject({ found: z.literal('none') }),
]);
export type GraphicsAnswer = Readonly<z.infer<typeof graphicsAnswerSchema>>;
