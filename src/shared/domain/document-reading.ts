import { z } from 'zod';
import { count, fraction } from './common.ts';

/** A document that is being read. */
export const documentReadingSchema = z.strictObject({ id: count, name: z.string(), fraction });
export type DocumentReading = Readonly<z.infer<typeof documentReadingSchema>>;
