import type { Corpus, SymbolArray, Vocabulary } from './corpus.ts';
import { encodeText, type UnknownCharacter } from './encode-text.ts';
import { allocateSymbols, vocabularySymbols } from './vocabulary.ts';

export interface TranslatedText {
  /** Indices into the other vocabulary. */
  readonly symbols: SymbolArray;
  /** What the other vocabulary lacks, by code. */
  readonly unknown: readonly UnknownCharacter[];
}

/**
 * A text in the indices of another vocabulary, so that a model can read what it was not trained on: what it lacks is replaced by the nearest it has
 * or left out, and reported. In bytes mode nothing is near, so unknown bytes are left out.
 */
export function translateText(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  const { codes } = corpus.vocabulary;
  if (codes.join() === vocabulary.codes.join()) return { symbols: corpus.symbols, unknown: [] };
  const counts = countSymbols(corpus.symbols, codes.length);
  const spelled = spellings(corpus.vocabulary, vocabulary);
  const length = spelled.reduce(
    (total, { indices }, index) => total + indices.length * (counts[index] ?? 0),
    0,
  );
  const symbols = allocateSymbols(vocabulary.codes.length, length);
  let written = 0;
  for (const symbol of corpus.symbols) {
    for (const index of spelled[symbol]?.indices ?? []) symbols[written++] = index;
  }
  const unknown = spelled.flatMap(({ unknown: character }, index) =>
    character === undefined ? [] : [{ ...character, count: counts[index] ?? 0 }],
  );
  return { symbols, unknown };
}

interface Spelling {
  readonly indices: readonly number[];
  readonly unknown: UnknownCharacter | undefined;
}

/** How each symbol of one vocabulary is written in another. */
function spellings(from: Vocabulary, to: Vocabulary): readonly Spelling[] {
  const symbols = vocabularySymbols(from);
  if (to.mode === 'bytes') {
    return from.codes.map((code, index): Spelling => {
      const known = to.codes.indexOf(code);
      if (known >= 0) return { indices: [known], unknown: undefined };
      return { indices: [], unknown: { character: symbols[index] ?? '', count: 0, replacement: null } };
    });
  }
  return symbols.map((symbol): Spelling => {
    const { indices, unknown } = encodeText(symbol, to);
    return { indices, unknown: unknown[0] };
  });
}

function countSymbols(symbols: SymbolArray, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1;
  return counts;
}
