import { clustersOf } from './clusters.ts';
import type { Corpus, SymbolArray, Vocabulary } from './corpus.ts';
import { UnknownTally, type UnknownCharacter } from './encode-text.ts';
import { Speller } from './speller.ts';
import { allocateSymbols, indexByCode } from './vocabulary.ts';

export interface TranslatedText {
  /** Indices into the other vocabulary. */
  readonly symbols: SymbolArray;
  /** What the other vocabulary lacks, in order of first appearance. */
  readonly unknown: readonly UnknownCharacter[];
  /** Symbols of the text that were left out and nothing stands for. */
  readonly lost: number;
}

/**
 * A text in the indices of another vocabulary, so that a model can read what it was not trained on: what it lacks is replaced by the nearest it has
 * or left out, and reported. In bytes mode nothing is near, so unknown bytes are left out.
 */
export function translateText(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  if (corpus.vocabulary.codes.join() === vocabulary.codes.join()) {
    return { symbols: corpus.symbols, unknown: [], lost: 0 };
  }
  return vocabulary.mode === 'bytes'
    ? translateBytes(corpus, vocabulary)
    : translateCharacters(corpus, vocabulary);
}

function translateCharacters(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  const speller = new Speller(vocabulary);
  const unknown = new UnknownTally();
  const written = new GrowingSymbols(vocabulary.codes.length, corpus.symbols.length);
  let lost = 0;
  for (const piece of piecesOf(corpus)) {
    for (const cluster of clustersOf(piece)) {
      const spelling = speller.spell(cluster);
      unknown.add(spelling);
      lost += spelling.lost;
      written.push(spelling.indices);
    }
  }
  return { symbols: written.finish(), unknown: unknown.report(), lost };
}

function translateBytes(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  const index = indexByCode(vocabulary);
  const indices = corpus.vocabulary.codes.map((code) => index[code] ?? -1);
  const written = new GrowingSymbols(vocabulary.codes.length, corpus.symbols.length);
  const unknown = new UnknownTally();
  let lost = 0;
  for (const symbol of corpus.symbols) {
    const known = indices[symbol] ?? -1;
    if (known >= 0) {
      written.push([known]);
      continue;
    }
    const character = String.fromCharCode(corpus.vocabulary.codes[symbol] ?? 0);
    unknown.add({ indices: [], text: '', unknown: { character, replacement: null }, lost: 1 });
    lost += 1;
  }
  return { symbols: written.finish(), unknown: unknown.report(), lost };
}

/** Code points of a piece; it is a little longer where a cluster would be cut. */
const pieceSymbols = 16_384;

/** The text in strings that are cut between characters nothing can join: plain letters, blanks, line feeds. */
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

/** Symbols as they come, in an array as narrow as the vocabulary allows. */
class GrowingSymbols {
  readonly #size: number;
  #symbols: SymbolArray;
  #length = 0;

  constructor(size: number, expected: number) {
    this.#size = size;
    this.#symbols = allocateSymbols(size, expected + 16);
  }

  push(indices: readonly number[]): void {
    if (this.#length + indices.length > this.#symbols.length) this.#grow(indices.length);
    for (const index of indices) this.#symbols[this.#length++] = index;
  }

  finish(): SymbolArray {
    return this.#symbols.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = allocateSymbols(this.#size, Math.ceil(this.#symbols.length * 1.5) + needed);
    larger.set(this.#symbols);
    this.#symbols = larger;
  }
}
