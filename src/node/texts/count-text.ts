import type { CountedText, TextReading } from '../../shared/domain/counted-text.ts';
import { surveySource, type ReadTextHooks } from './text-reading.ts';
import { openTextSource } from './text-source.ts';

/**
 * Counts a text without keeping it: memory does not grow with the text.
 * @throws CharloomError as readTextFile does
 */
export async function countText(
  { path, symbols, lineEnds, encoding }: TextReading,
  hooks: ReadTextHooks = {},
): Promise<CountedText> {
  const source = await openTextSource(path);
  try {
    const options = { symbols, lineEnds, encoding: encoding ?? undefined };
    const { characters, vocabulary, sha256 } = await surveySource(source, options, hooks);
    return { characters, vocabularySize: vocabulary.codes.length, sha256 };
  } finally {
    await source.close();
  }
}
