import { z } from 'zod';
import { vocabularyChoices } from './symbol-fit.ts';

const count = z.int().nonnegative();

/** What became of the symbols of a run that started from a checkpoint whose symbols differ from the text's. */
export const vocabularyUseFields = {
  choice: z.enum(vocabularyChoices),
  /** Length of the text in symbols as the run reads it: some may have been left out, or replaced with several. */
  characters: count,
  /** Different symbols of the checkpoint. */
  known: count,
  /** Different symbols of the text that were added to them; 0 if the checkpoint's symbols are kept. */
  added: count,
  /** Places of the text with a replacement for a symbol that the checkpoint does not know; 0 if its symbols are widened. */
  replaced: count,
  /** Symbols of the text that were left out. */
  leftOut: count,
};

export const vocabularyUseSchema = z.strictObject(vocabularyUseFields);
export type VocabularyUse = Readonly<z.infer<typeof vocabularyUseSchema>>;

/** The same without what only another version of Charloom knows. */
export function knownVocabularyUse(use: VocabularyUse): VocabularyUse {
  return z.object(vocabularyUseFields).parse(use);
}
