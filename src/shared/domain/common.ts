import { z } from 'zod';
import { adviceSchema } from '../advice.ts';

/** Names of run folders, checkpoint files and texts come from a page and become parts of paths: a single folder or file name, never a path. */
export const nameSchema = z
  .string()
  .min(1)
  .max(255)
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a name must not hold
  .regex(/^(?!\.{1,2}$)[^/\\\u0000-\u001f]+$/u, { error: 'is not a valid name' });

export const count = z.int().nonnegative();
/** A loss or a norm; null where it is not a number. */
export const measure = z.number().nullable();
/** A symbol of a model of bytes. */
export const byteSchema = z.int().min(0).max(255);
/** 0..1 */
export const fraction = z.number().min(0).max(1);
export const moment = z.iso.datetime();

/** An error as data, the same on every transport. `code` is a CharloomErrorCode, or 'defect' for anything unforeseen. */
export const failureSchema = z.strictObject({
  code: z.string().max(64),
  message: z.string().max(10_000),
  /** What to do next, if anything. */
  fix: z.string().max(10_000).nullable(),
  /** The same as data, for a host that words it differently. */
  advice: adviceSchema.optional(),
});
export type Failure = Readonly<z.infer<typeof failureSchema>>;
