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
  /** Where in the text, in its own symbols, a translated symbol comes from; the text's length for the end. */
  readonly sourceOf: (index: number) => number;
}

/**
 * A text in the indices of another vocabulary, so that a model can read what it was not trained on: what it lacks is replaced by the nearest it has
 * or left out, and reported. In bytes mode nothing is near, so unknown bytes are left out.
 */
export function translateText(corpus: Corpus, vocabulary: Vocabulary): TranslatedText {
  const work = translating(corpus, vocabulary);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The same in portions: yields how much is done, 0..1, so that whoever has other things to do can do them between two. */
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
  return yield* isRead || vocabulary.mode === 'bytes'
    ? translateSymbols(corpus, vocabulary)
    : translateCharacters(corpus, vocabulary);
}

function* translateCharacters(
  corpus: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const speller = new Speller(vocabulary);
  const unknown = new UnknownTally();
  const written = new GrowingSymbols(vocabulary.codes.length, corpus.symbols.length);
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

/** Symbol by symbol: bytes, and characters where none is unknown. */
function* translateSymbols(
  { symbols, vocabulary: { codes } }: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const index = indexByCode(vocabulary);
  const indices = codes.map((code) => index[code] ?? -1);
  const written = new GrowingSymbols(vocabulary.codes.length, symbols.length);
  const unknown = new UnknownTally();
  let lost = 0;
  for (let at = 0; at < symbols.length; at++) {
    const symbol = symbols[at] ?? 0;
    const known = indices[symbol] ?? -1;
    if (known >= 0) written.pushOne(known);
    else {
      const character = String.fromCharCode(codes[symbol] ?? 0);
      unknown.add({ indices: [], text: '', unknown: { character, replacement: null }, lost: 1 });
      lost += 1;
      written.push([], 1);
    }
    if (at % portionSymbols === portionSymbols - 1) yield at / symbols.length;
  }
  return { ...written.finish(), unknown: unknown.report(), lost };
}

/** Symbols between two breaths where each is only looked up. */
const portionSymbols = 1 << 20;

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

/** Symbols as they come, in an array as narrow as the vocabulary allows, and where they come from. */
class GrowingSymbols {
  readonly #size: number;
  #symbols: SymbolArray;
  #length = 0;
  #read = 0;
  /** From each of these places on the two texts run alongside, symbol for symbol, up to the next. */
  readonly #places: number[] = [0];
  readonly #sources: number[] = [0];

  constructor(size: number, expected: number) {
    this.#size = size;
    this.#symbols = allocateSymbols(size, expected + 16);
  }

  /** Symbols of the text so far. */
  get read(): number {
    return this.#read;
  }

  /** Adds what stands for the next symbol of the text. */
  pushOne(index: number): void {
    if (this.#length === this.#symbols.length) this.#grow(1);
    this.#symbols[this.#length++] = index;
    this.#read += 1;
  }

  /** Adds what stands for the next `count` symbols of the text. */
  push(indices: readonly number[], count: number): void {
    if (this.#length + indices.length > this.#symbols.length) this.#grow(indices.length);
    for (const index of indices) this.#symbols[this.#length++] = index;
    this.#read += count;
    if (indices.length !== count) this.#mark();
  }

  finish(): Pick<TranslatedText, 'symbols' | 'sourceOf'> {
    const [places, sources, end] = [this.#places, this.#sources, this.#read];
    const sourceOf = (index: number): number => {
      const mark = lastAtMost(places, index);
      const source = (sources[mark] ?? 0) + index - (places[mark] ?? 0);
      return Math.min(source, sources[mark + 1] ?? end);
    };
    return { symbols: this.#symbols.subarray(0, this.#length), sourceOf };
  }

  #mark(): void {
    if (this.#places.at(-1) === this.#length) {
      this.#sources[this.#sources.length - 1] = this.#read;
      return;
    }
    this.#places.push(this.#length);
    this.#sources.push(this.#read);
  }

  #grow(needed: number): void {
    const larger = allocateSymbols(this.#size, Math.ceil(this.#symbols.length * 1.5) + needed);
    larger.set(this.#symbols);
    this.#symbols = larger;
  }
}

/** Position of the last of ascending numbers, the first of them 0, that is not above the one wanted. */
function lastAtMost(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
