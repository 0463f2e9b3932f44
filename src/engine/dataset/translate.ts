import { clustersOf } from './clusters.ts';
import type { Corpus, SymbolArray, Vocabulary } from './corpus.ts';
import { UnknownTally } from './encode-text.ts';
import { Speller } from './speller.ts';
import { translateBytes } from './translate-bytes.ts';
import type { TranslatedText } from './translated-text.ts';
import { WrittenSymbols } from './written-symbols.ts';
import { allocateSymbols, indexByCode } from './vocabulary.ts';

/**
 * A text in the indices of another vocabulary, so that a model can read a text it was not trained on: unknown symbols are replaced with the nearest
 * known ones or left out, and reported. A single byte has no replacement; characters spelled by UTF-8 bytes are replaced or left out as a whole.
 */
export function translateText(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  const work = translating(corpus, vocabulary);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The same in portions: yields the progress, 0..1, so that the caller can do other work between two portions. */
export function* translating(
  corpus: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const { codes } = corpus.vocabulary;
  if (codes.join() === vocabulary.codes.join()) {
    return { symbols: corpus.symbols, unknown: [], lost: 0, sourceOf: (index) => index };
  }
  const known = indexByCode(vocabulary);
  const isRead = codes.every((code) => (known[code] ?? -1) >= 0);
  if (isRead) return yield* lookUp(corpus, vocabulary);
  return yield* vocabulary.mode === 'bytes'
    ? translateBytes(corpus, vocabulary)
    : translateCharacters(corpus, vocabulary);
}

function* translateCharacters(
  corpus: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const speller = new Speller(vocabulary);
  const unknown = new UnknownTally();
  const written = new WrittenSymbols(vocabulary.codes.length, corpus.symbols.length);
  let lost = 0;
  for (const piece of piecesOf(corpus)) {
    for (const cluster of clustersOf(piece)) {
      const spelling = speller.spell(cluster);
      unknown.add(spelling);
      lost += spelling.lost;
      written.push(spelling.indices, cluster.length === 1 ? 1 : [...cluster].length);
    }
    yield written.read / corpus.symbols.length;
  }
  return { ...written.finish(), unknown: unknown.report(), lost };
}

/** A text of which every symbol is known. */
function* lookUp(
  { symbols, vocabulary: { codes } }: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const index = indexByCode(vocabulary);
  const places = Uint32Array.from(codes, (code) => index[code] ?? 0);
  const written = allocateSymbols(vocabulary.codes.length, symbols.length);
  for (let at = 0; at < symbols.length; at++) {
    written[at] = places[symbols[at] ?? 0] ?? 0;
    if (at % portionSymbols === portionSymbols - 1) yield at / symbols.length;
  }
  return { symbols: written, unknown: [], lost: 0, sourceOf: (place) => place };
}

/** Symbols between two yields where each is only looked up. */
const portionSymbols = 1 << 20;

/** Code points of a piece; it is a little longer where a cluster would be split. */
const pieceSymbols = 16_384;

/** The text in strings that are split only at characters that no other joins: plain letters, spaces, line feeds. */
export function* piecesOf({ symbols, vocabulary }: Corpus): Generator<string, void, void> {
  const { codes } = vocabulary;
  const isPlain = (at: number): boolean => {
    const code = codes[symbols[at] ?? 0] ?? 0;
    return code < 0x300 && code !== 13 && code !== 10;
  };
  for (let start = 0; start < symbols.length;) {
    let end = Math.min(symbols.length, start + pieceSymbols);
    const last = Math.min(symbols.length, start + 4 * pieceSymbols);
    while (end < last && !(isPlain(end) && isPlain(end - 1))) end++;
    yield stringOf(symbols, codes, start, end);
    start = end;
  }
}

function stringOf(symbols: SymbolArray, codes: readonly number[], start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCodePoint(codes[symbols[at] ?? 0] ?? 0);
  return text;
}
