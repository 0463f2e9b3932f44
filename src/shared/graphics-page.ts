import { z } from 'zod';

/**
 * What the desktop application's main process and the page in its hidden window say to each other. The page holds the graphics card, and each
 * window does one task for whoever has the other end of the port that comes with it.
 */

const name = z.string().max(300);

export const graphicsTaskSchema = z.discriminatedUnion('task', [
  /** Say over the port which card there is (`graphicsAnswerSchema`). */
  z.strictObject({ task: z.literal('describe') }),
  /** Serve a backend on the card over the port (src/engine/backends/remote), under the names that the whole system has for it: a page is told little. */
  z.strictObject({ task: z.literal('compute'), card: name, driver: name, software: z.boolean() }),
]);
export type GraphicsTask = Readonly<z.infer<typeof graphicsTaskSchema>>;

export const graphicsAnswerSchema = z.discriminatedUnion('found', [
  z.strictObject({
    found: z.literal('card'),
    /** For people, as far as a page is told; a family of cards ("nvidia ampere") where it is told no more. */
    label: name,
    driver: name,
    /** Whether the processor plays the card. */
    fallback: z.boolean(),
  }),
  z.strictObject({ found: z.literal('none') }),
]);
export type GraphicsAnswer = Readonly<z.infer<typeof graphicsAnswerSchema>>;
