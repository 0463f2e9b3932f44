import { z } from 'zod';
import { documentKinds } from '../../shared/domain/document-kinds.ts';
import { count } from './common.ts';

export const textResult = z.object({
  output: z.string(),
  /** In the order of the text. */
  inputs: z.array(
    z.object({
      name: z.string(),
      /** The kind of the file, detected from its content; null if it could not be read. */
      kind: z.enum(documentKinds).nullable(),
      /** Of its part of the text, after cleaning. */
      characters: count,
      problems: z.array(z.string()).readonly(),
    }),
  ),
  /** The steps that were applied, with counts over all files. */
  steps: z.array(z.object({ step: z.string(), count })),
  characters: count,
  /** Of the written file, lower-case hex. */
  sha256: z.string(),
});
export type TextResult = z.infer<typeof textResult>;
