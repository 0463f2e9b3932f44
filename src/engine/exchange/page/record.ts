import { z } from 'zod';
import {
  pagePrecisions,
  storedWritingPageSchema,
  type WritingPage,
} from '../../../shared/domain/writing-page.ts';

export const pageFormat = 'charloom-page';

const recordFields = {
  format: z.literal(pageFormat),
  version: z.literal(1),
  /** Charloom's version. */
  writtenBy: z.string().max(64),
  precision: z.enum(pagePrecisions),
};

/** A page's description of itself, as JSON. */
export const pageRecordSchema = storedWritingPageSchema.extend(recordFields);
export type PageRecord = WritingPage & Readonly<z.infer<z.ZodObject<typeof recordFields>>>;
