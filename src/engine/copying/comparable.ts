import { clustersOf } from '../dataset/clusters.ts';
import type { Corpus, SymbolArray } from '../dataset/corpus.ts';
import { piecesOf } from '../dataset/translate.ts';
import { indexByCode } from '../dataset/vocabulary.ts';

/**
 * A text in a form in which equal writing compares equal: accents composed, every line end a line feed. Texts are compared and searched in this form,
 * so that it does not matter in which editor or on which system either was edited.
 */
export interface ComparableText {
  readonly symbols: SymbolArray;
  /** The value in `symbols` of a code point (a byte in bytes mode); -1 for one that does not occur in the text. */
  readonly symbolOf: (code: number) => number;
  /** Where a comparable symbol starts in the text, in the text's own symbols; the text's length for the end. */
  readonly positionOf: (index: number) => number;
  /** The first comparable symbol that starts at a position of the text or after it. */
  readonly indexOf: (position: number) => number;
}

/** A string as comparable codes. */
export interface ComparableSample {
  readonly codes: Int32Array;
  /** The start of each in the string in UTF-16 units (for bytes: its index); one more for the end. */
  readonly offsets: Int32Array;
}

const lineFeed = 10;
const carriageReturn = 13;

const made = new WeakMap<Corpus, ComparableText>();

/** The comparable form of a text; the text itself where nothing in it has another form. It is made once. */
export function comparableCorpus(corpus: Corpus): ComparableText {
  const known = made.get(corpus) ?? makeComparable(corpus);
  made.set(corpus, known);
  return known;
}

function makeComparable(corpus: Corpus): ComparableText {
  const { vocabulary, symbols } = corpus;
  const isPlain =
    !vocabulary.codes.includes(carriageReturn) &&
    (vocabulary.mode === 'bytes' || !vocabulary.codes.some(hasAnotherForm));
  if (isPlain) {
    const index = indexByCode(vocabulary);
    const same = (place: number): number => place;
    return { symbols, symbolOf: (code) => index[code] ?? -1, positionOf: same, indexOf: same };
  }
  return rewritten(corpus);
}

function hasAnotherForm(code: number): boolean {
  const character = String.fromCodePoint(code);
  return character.normalize('NFC') !== character || /\p{M}|[\u1160-\u11ff]/u.test(character);
}

function rewritten(corpus: Corpus): ComparableText {
  const codes = new Uint32Array(corpus.symbols.length);
  const positions = new Uint32Array(corpus.symbols.length + 1);
  let length = 0;
  let position = 0;
  const take = (cluster: readonly number[], symbols: number): void => {
    for (const code of cluster) {
      // A comparable form with more symbols than the text is rare, and is truncated: it may be shorter than the text, never longer.
      if (length >= codes.length) break;
      codes[length] = code;
      positions[length++] = position;
    }
    position += symbols;
  };
  if (corpus.vocabulary.mode === 'bytes') takeBytes(corpus, take);
  else for (const piece of piecesOf(corpus)) takeClusters(piece, take);
  positions[length] = position;
  return {
    symbols: codes.subarray(0, length),
    symbolOf: (code) => code,
    positionOf: (index) => positions[Math.min(index, length)] ?? position,
    indexOf: (wanted) => firstAtLeast(positions, length, wanted),
  };
}

function takeClusters(piece: string, take: (codes: readonly number[], symbols: number) => void): void {
  for (const cluster of clustersOf(piece)) {
    take(comparableCodes(cluster), cluster.length === 1 ? 1 : [...cluster].length);
  }
}

function takeBytes(
  { symbols, vocabulary }: Corpus,
  take: (codes: readonly number[], symbols: number) => void,
): void {
  for (let at = 0; at < symbols.length; at++) {
    const code = vocabulary.codes[symbols[at] ?? 0] ?? 0;
    const isPair = code === carriageReturn && vocabulary.codes[symbols[at + 1] ?? -1] === lineFeed;
    take([code === carriageReturn ? lineFeed : code], isPair ? 2 : 1);
    if (isPair) at++;
  }
}

/** The index of the first of ascending positions that is at least `wanted`. */
function firstAtLeast(positions: Uint32Array, length: number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comparableCodes(cluster: string): number[] {
  if (cluster === '\r\n' || cluster === '\r') return [lineFeed];
  const code = cluster.charCodeAt(0);
  if (cluster.length === 1 && code < 0x300) return [code];
  return Array.from(cluster.normalize('NFC'), (character) => character.codePointAt(0) ?? 0);
}

/** A string in comparable form, for a text of characters or, in UTF-8, of bytes. */
export function comparableSample(sample: string, mode: 'characters' | 'bytes'): ComparableSample {
  const codes: number[] = [];
  const offsets: number[] = [];
  const utf8 = new TextEncoder();
  let offset = 0;
  for (const cluster of clustersOf(sample)) {
    const isLineEnd = cluster === '\r\n' || cluster === '\r';
    const these = mode === 'bytes' && !isLineEnd ? utf8.encode(cluster) : comparableCodes(cluster);
    for (const code of these) {
      codes.push(code);
      offsets.push(offset);
    }
    offset += cluster.length;
  }
  offsets.push(offset);
  return { codes: Int32Array.from(codes), offsets: Int32Array.from(offsets) };
}

/** Raw bytes in comparable form. */
export function comparableBytes(sample: Uint8Array): ComparableSample {
  const codes: number[] = [];
  const offsets: number[] = [];
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0;
    codes.push(byte === carriageReturn ? lineFeed : byte);
    offsets.push(at);
    if (byte === carriageReturn && sample[at + 1] === lineFeed) at++;
  }
  offsets.push(sample.length);
  return { codes: Int32Array.from(codes), offsets: Int32Array.from(offsets) };
}
