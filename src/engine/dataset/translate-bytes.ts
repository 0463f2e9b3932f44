import type { Corpus, Vocabulary } from './corpus.ts';
import { UnknownTally } from './encode-text.ts';
import { Speller, type Spelling } from './speller.ts';
import type { TranslatedText } from './translated-text.ts';
import { indexByCode } from './vocabulary.ts';
import { WrittenSymbols } from './written-symbols.ts';

/** Bytes between two yields. */
const portion = 1 << 18;

/**
 * Bytes in another vocabulary of bytes, which lacks some of them. Where UTF-8 spells a character with one of them, all of its bytes are replaced or
 * left out together: half a character would not be text. Yields the progress, 0..1.
 */
export function* translateBytes(
  { symbols, vocabulary: { codes } }: Corpus,
  vocabulary: Vocabulary,
): Generator<number, TranslatedText, void> {
  const speller = new Speller(vocabulary);
  const index = indexByCode(vocabulary);
  const written = new WrittenSymbols(vocabulary.codes.length, symbols.length);
  const unknown = new UnknownTally();
  const byteAt = (at: number): number => codes[symbols[at] ?? -1] ?? -1;
  let lost = 0;
  let breath = portion;
  for (let at = 0; at < symbols.length; at = written.read) {
    const code = codePointAt(byteAt, at);
    const length = code === null ? 1 : utf8Length(code);
    const spelling = spell({ first: byteAt(at), code }, index, speller);
    unknown.add(spelling);
    lost += spelling.lost;
    written.push(spelling.indices, length);
    if (at < breath) continue;
    breath = at + portion;
    yield at / symbols.length;
  }
  return { ...written.finish(), unknown: unknown.report(), lost };
}

/** A byte, and the non-ASCII character that UTF-8 spells from it on; null where there is none. */
interface Unit {
  readonly first: number;
  readonly code: number | null;
}

function spell({ first, code }: Unit, index: Int32Array, speller: Speller): Spelling {
  if (code !== null) return speller.spell(String.fromCodePoint(code));
  const known = index[first] ?? -1;
  if (known >= 0) return { indices: [known], text: '', unknown: null, lost: 0 };
  return {
    ...{ indices: [], text: '', lost: 1 },
    unknown: { character: nameOf(first), replacement: null },
  };
}

/** "byte E9" for bytes outside ASCII: their characters depend on an unknown encoding. */
function nameOf(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : `byte ${byte.toString(16).toUpperCase()}`;
}

function codePointAt(byteAt: (at: number) => number, at: number): number | null {
  const lead = byteAt(at);
  if (lead < 0xc2 || lead > 0xf4) return null;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let code = lead & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    const byte = byteAt(next);
    if (byte < 0x80 || byte > 0xbf) return null;
    code = (code << 6) | (byte & 0x3f);
  }
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > 0x10ffff || utf8Length(code) !== length ? null : code;
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
