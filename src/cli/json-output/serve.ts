import { z } from 'zod';

/** One line when the browser host is ready; nothing more follows on standard output. */
export const serveResult = z.object({
  /** Opens the workbench: it holds the token, so keep it to yourself. */
  address: z.url(),
  runs_folder: z.string(),
});
export type ServeResult = z.infer<typeof serveResult>;
