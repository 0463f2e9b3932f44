import type { SymbolArray, Vocabulary } from '../../dataset/corpus.ts';

/** Classes of characters, as bits: looked up in Unicode once for each distinct character, so that no property is specific to one language. */
export const is = {
  letter: 1,
  capital: 2,
  digit: 4,
  space: 8,
  lineEnd: 16,
  sentenceEnd: 32,
  /** A mark that belongs to the letter before it. */
  mark: 64,
  /** A quotation mark of any kind, apostrophes included. */
  quotation: 128,
} as const;

const classes: readonly (readonly [number, RegExp])[] = [
  [is.letter, /^\p{L}$/u],
  [is.capital, /^[\p{Lu}\p{Lt}]$/u],
  [is.digit, /^\p{Nd}$/u],
  [is.space, /^[\p{Zs}\t]$/u],
  [is.lineEnd, /^[\n\r\u0085\u2028\u2029]$/u],
  [is.sentenceEnd, /^[\p{Sentence_Terminal}…]$/u],
  [is.mark, /^\p{M}$/u],
  [is.quotation, /^\p{Quotation_Mark}$/u],
];

/** A part of a text, character by character. */
export interface CharacterText {
  readonly codes: Uint32Array;
  readonly classes: Uint16Array;
  /** In bytes mode, for each byte: the character that it completes, or the last one completed before it; -1 for none. Null if symbols are characters. */
  readonly completed: Int32Array | null;
}

/** Reads the symbols of a part of a text as characters. */
export function characterText(vocabulary: Vocabulary, symbols: SymbolArray): CharacterText {
  const { codes: known, mode } = vocabulary;
  if (mode === 'bytes') {
    return decodeBytes(Uint8Array.from(symbols, (symbol) => known[symbol] ?? 0));
  }
  const bySymbol = Uint16Array.from(known, classOf);
  return {
    codes: Uint32Array.from(symbols, (symbol) => known[symbol] ?? 0),
    classes: Uint16Array.from(symbols, (symbol) => bySymbol[symbol] ?? 0),
    completed: null,
  };
}

/** One value for each symbol, from one for each character. */
export function bySymbols({ completed }: CharacterText, labels: Float32Array): Float32Array {
  if (completed === null) return labels;
  return Float32Array.from(completed, (character) => labels[character] ?? 0);
}

/** Decodes UTF-8 byte by byte: an invalid byte is a separate character. */
function decodeBytes(bytes: Uint8Array): CharacterText {
  const codes: number[] = [];
  const completed = new Int32Array(bytes.length);
  let [code, missing, first] = [0, 0, 0];
  const complete = (value: number, at: number): void => {
    codes.push(value);
    completed[at] = codes.length - 1;
  };
  for (const [at, byte] of bytes.entries()) {
    completed[at] = codes.length - 1;
    if (missing > 0 && (byte & 0xc0) === 0x80) {
      code = (code << 6) | (byte & 0x3f);
      if (--missing === 0) complete(code, at);
      continue;
    }
    if (missing > 0) {
      // The started character is not continued.
      complete(0xfffd, first);
      completed.fill(codes.length - 1, first, at + 1);
    }
    first = at;
    missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    code = byte & (0x3f >> missing);
    if (missing === 0) complete(byte < 0x80 ? byte : 0xfffd, at);
  }
  const classesByCode = new Map<number, number>();
  const classOfCode = (value: number): number => {
    const found = classesByCode.get(value) ?? classOf(value);
    classesByCode.set(value, found);
    return found;
  };
  return { codes: Uint32Array.from(codes), classes: Uint16Array.from(codes, classOfCode), completed };
}

function classOf(code: number): number {
  const character = code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
  return classes.reduce((bits, [bit, pattern]) => (pattern.test(character) ? bits | bit : bits), 0);
}

/** Whether a character has any of these classes. */
export function has(text: CharacterText, at: number, bits: number): boolean {
  return ((text.classes[at] ?? 0) & bits) !== 0;
}

/** Whether the line closed by a line end is blank: open marks then count as closed. */
export function endsBlankLine(text: CharacterText, at: number): boolean {
  if (!has(text, at, is.lineEnd)) return false;
  const isPair = text.codes[at] === 10 && text.codes[at - 1] === 13;
  for (let before = at - (isPair ? 2 : 1); before >= 0; before--) {
    if (has(text, before, is.lineEnd)) return true;
    if (!has(text, before, is.space)) return false;
  }
  return false;
}
