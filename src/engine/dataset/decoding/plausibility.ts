import iconv from 'iconv-lite';
import { replacementCode } from './decoder.ts';
import { createDecoding } from './encodings.ts';

/** The letters that make up most of the text in each script; in the wrong code page, other letters appear. */
const frequent = {
  Cyrillic: 'оеаинтсрвлкмдпуяыьізгбчйхжшюцщэфъїєё',
  Greek: 'αοιετσνηυρπκμλωςάίόέήώύδγχθφβξ',
  Arabic: 'اليمونرتبةعدسفهكقحجأ',
  Latin: 'éèêëàâäáãåæçíìîïñóòôöõøœúùûüýßąćęłńśźżčďěňřšťůžőűğışăâîșțşđėįųūāēģīķļņþð',
} as const;

/** Costs of a symbol outside ASCII, from impossible to slightly rare. */
const costs = { impossible: 3, broken: 2, odd: 0.5, rare: 0.12, capital: 0.04 } as const;

/** Punctuation that occurs within words. */
const joiners = new Set('’·\u00ad\u200c\u200d');
/** Symbols that occur in texts of every kind, but never within a word. */
const usualSymbols = new Set('«»“”„‚‘’–—…€°§£©•№¿¡、。「」『』，！？：；（）《》・ー');

/**
 * How unlikely it is that bytes are in an encoding, judged by their decoded form: undefined and control characters, symbols within words, capitals
 * after small letters, words of two scripts, rare characters. A mean over everything outside ASCII: 0 for a faultless text, 1 for noise.
 */
export function implausibility(sample: Uint8Array, encoding: string): number {
  const decoding = createDecoding(encoding);
  const first = Array.from(decoding.decode(sample).codes);
  const codes = first.concat(Array.from(decoding.finish().codes));
  const common = commonIdeographs(encoding);
  let cost = 0;
  let wide = 0;
  for (const [at, code] of codes.entries()) {
    if (code < 0x80) continue;
    wide += 1;
    const [earlier = 0x20, before = 0x20, , after = 0x20] = [-2, -1, 0, 1].map((step) => codes[at + step]);
    cost += costOf(code, { earlier, before, after }, common);
  }
  return wide === 0 ? 0 : cost / wide;
}

interface Neighbours {
  /** The character two before. */
  readonly earlier: number;
  readonly before: number;
  readonly after: number;
}

function costOf(code: number, neighbours: Neighbours, common: ReadonlySet<number> | null): number {
  if (code === replacementCode || (code >= 0x80 && code < 0xa0)) return costs.impossible;
  const character = String.fromCodePoint(code);
  if (/\p{Cn}|\p{Co}/u.test(character)) return costs.impossible;
  if (/\p{Script=Han}/u.test(character)) return common === null || common.has(code) ? 0 : 1;
  if (code >= 0xff61 && code <= 0xff9f) return costs.odd; // half-width kana: what single bytes become in Shift JIS
  if (/\p{M}/u.test(character)) return isLetter(neighbours.before) ? 0 : costs.broken;
  if (/\p{L}/u.test(character) && !/[ªºƒ\u02b0-\u02ff]/u.test(character))
    return letterCost(character, neighbours);
  return symbolCost(character, neighbours);
}

function letterCost(letter: string, { earlier, before, after }: Neighbours): number {
  const previous = String.fromCodePoint(before);
  const own = letter.codePointAt(0) ?? 0;
  if (before === own && after === own) return costs.broken;
  const isCapital = letter !== letter.toLowerCase();
  if (isLetter(before)) {
    const script = scriptOf(letter);
    if (scriptOf(previous) !== script && !/^(?:Other)$/.test(script)) return costs.broken;
    if (isCapital && previous !== previous.toUpperCase()) return costs.impossible;
    if (!isCapital && isCapitalCode(before) && isCapitalCode(earlier)) return costs.broken;
    if (script === 'Latin' && before > 0x7f) return costs.odd;
  }
  const small = letter.toLowerCase();
  // In Icelandic, words start with þ and never with ð; in Turkish, never with ğ.
  if (small === 'þ' && isLetter(before)) return costs.odd;
  if ('ðğ'.includes(small) && !isLetter(before)) return costs.odd;
  const script = scriptOf(letter);
  if (finals.test(letter) && isLetter(after)) return costs.broken;
  if (neverLast.test(letter) && !isLetter(after)) return costs.broken;
  if (script !== 'Latin' && isAlphabet.test(letter) && [before, after].some(isAsciiLetter))
    return costs.broken;
  if ([earlier, before, own].every(isThaiConsonant)) return costs.rare;
  return rarity(small, script) + (isCapital ? costs.capital : 0);
}

/** Mean rank, 0..1, of the letters of an ordinary text among those of their script by frequency. */
const usualRank = 0.25;

/** Cyrillic letters are graded: its code pages differ only in the assignment of letters. Correct ones cost nothing on average. */
function rarity(small: string, script: ReturnType<typeof scriptOf>): number {
  if (script === 'Other') return 0;
  const rank = frequent[script].indexOf(small);
  if (script !== 'Cyrillic') return rank < 0 ? costs.rare : 0;
  return 4 * costs.rare * ((rank < 0 ? 1.5 : rank / frequent.Cyrillic.length) - usualRank);
}

function symbolCost(symbol: string, { before, after }: Neighbours): number {
  const within = isLetter(before) && isLetter(after);
  if ('„‚«¿¡'.includes(symbol) && isLetter(before)) return costs.broken;
  if (within) return joiners.has(symbol) ? 0.02 : '–—…‘'.includes(symbol) ? costs.odd : costs.broken;
  const code = symbol.codePointAt(0) ?? 0;
  const isBox = code >= 0x2500 && code < 0x2600;
  if (isBox && (isLetter(before) || isLetter(after))) return 1;
  if (isBox) return [before, after].some((other) => other >= 0x2500 && other < 0x2600) ? 0.2 : costs.odd;
  if (usualSymbols.has(symbol) || /\p{Z}/u.test(symbol)) return 0.02;
  return isLetter(before) || isLetter(after) ? costs.odd : costs.rare * 2;
}

/** Letters that occur only at the end of words. */
const finals = /[ςךםןףץ]/u;

/** Small Greek consonants in which no Greek word ends. */
const neverLast = /[βγδζθκλμπστφχ]/u;

/** Scripts in single-byte encodings that are separated from Latin words. */
const isAlphabet = /[\p{Script=Thai}\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** Three in a row are rare: Thai writes most of its vowels. */
function isThaiConsonant(code: number): boolean {
  return code >= 0x0e01 && code <= 0x0e2e;
}

function isCapitalCode(code: number): boolean {
  return /\p{Lu}/u.test(String.fromCodePoint(code));
}

function isAsciiLetter(code: number): boolean {
  return (code > 0x40 && code < 0x5b) || (code > 0x60 && code < 0x7b);
}

function isLetter(code: number): boolean {
  return /[\p{L}\p{M}]/u.test(String.fromCodePoint(code));
}

function scriptOf(letter: string): keyof typeof frequent | 'Other' {
  if (/\p{Script=Latin}/u.test(letter)) return 'Latin';
  if (/\p{Script=Cyrillic}/u.test(letter)) return 'Cyrillic';
  if (/\p{Script=Arabic}/u.test(letter)) return 'Arabic';
  return /\p{Script=Greek}/u.test(letter) ? 'Greek' : 'Other';
}

/** Range of lead bytes of the characters taught in schools, by encoding: nearly all that are used. */
const taught: Readonly<Record<string, readonly [name: string, first: number, last: number]>> = {
  gb18030: ['gb18030', 0xb0, 0xd7],
  big5: ['big5', 0xa4, 0xc6],
  // Korean hardly uses ideographs today.
  'euc-kr': ['euc-kr', 0x100, 0xff],
  shift_jis: ['euc-jp', 0xb0, 0xcf],
  'euc-jp': ['euc-jp', 0xb0, 0xcf],
};

function commonIdeographs(encoding: string): ReadonlySet<number> | null {
  const range = taught[encoding];
  if (range === undefined) return null;
  const [name, first, last] = range;
  const bytes: number[] = [];
  for (let lead = first; lead <= last; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if ((trail < 0xa1 && name !== 'big5') || (trail > 0x7e && trail < 0xa1)) continue;
      bytes.push(lead, trail);
    }
  }
  const text = iconv.decode(Uint8Array.from(bytes), name);
  return new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0));
}
