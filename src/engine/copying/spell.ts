import type { Vocabulary } from '../dataset/corpus.ts';
import { indexByCode } from '../dataset/vocabulary.ts';

/** A sample in the symbols of a text. */
export interface SpelledSample {
  /** Index of each symbol, -1 for one that the text does not have. */
  readonly symbols: Int32Array;
  /** Where each symbol begins in the string, in UTF-16 units; one more for its end. */
  readonly offsets: Int32Array;
}

/** Spells a string in a vocabulary without replacing anything: what a text does not have cannot have been copied from it. */
export function spellSample(sample: string, vocabulary: Vocabulary): SpelledSample {
  const indexOf = indexByCode(vocabulary);
  const symbols: number[] = [];
  const offsets: number[] = [];
  const utf8 = new TextEncoder();
  let offset = 0;
  for (const character of sample) {
    const codes = vocabulary.mode === 'bytes' ? utf8.encode(character) : [character.codePointAt(0) ?? 0];
    for (const code of codes) {
      symbols.push(indexOf[code] ?? -1);
      offsets.push(offset);
    }
    offset += character.length;
  }
  offsets.push(offset);
  return { symbols: Int32Array.from(symbols), offsets: Int32Array.from(offsets) };
}
