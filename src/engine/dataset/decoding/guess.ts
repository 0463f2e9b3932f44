import { analyse } from 'chardet';
import { encodingName } from './encodings.ts';
import { implausibility } from './plausibility.ts';
import { Utf8Decoding } from './utf8.ts';

/** The encoding and the confidence in it: shown to the user, who may choose another. */
export interface EncodingGuess {
  readonly encoding: string;
  /** 'forced' by the user, given by a byte order mark, recognised by its form, or guessed from letter statistics. */
  readonly source: 'forced' | 'byte-order-mark' | 'form' | 'guess';
  /** 0..1. */
  readonly confidence: number;
  /** Bytes of the byte order mark, which is not part of the text. */
  readonly markBytes: number;
  /** What else it might be, likeliest first. */
  readonly alternatives: readonly string[];
}

const marks: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]], // before UTF-16, whose mark it begins with
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** What a text is most probably encoded in, from the bytes of its beginning (64 KiB are plenty). */
export function guessEncoding(head: Uint8Array): EncodingGuess {
  const mark = byteOrderMark(head);
  if (mark) return { ...certain(mark.encoding, 'byte-order-mark'), markBytes: mark.length };
  const wide = guessUtf16(head);
  if (wide) return certain(wide, 'form');
  if (looksLikeIso2022Jp(head)) return certain('iso-2022-jp', 'form');
  const isUtf8 = looksLikeUtf8(utf8Tally(head)) || !looksLikeLegacy(head);
  return isUtf8 ? certain('utf-8', 'form') : guessLegacy(head);
}

/** The encoding chosen by the user; a byte order mark of that encoding is still removed, and decides the byte order of `utf-16`. */
export function forceEncoding(name: string, head: Uint8Array): EncodingGuess {
  const wanted = encodingName(name);
  const mark = byteOrderMark(head);
  if (wanted === 'utf-16') {
    const byMark = mark?.encoding.startsWith('utf-16') ? mark.encoding : undefined;
    const encoding = byMark ?? guessUtf16(head) ?? 'utf-16le';
    return { ...certain(encoding, 'forced'), markBytes: byMark ? 2 : 0 };
  }
  return { ...certain(wanted, 'forced'), markBytes: mark?.encoding === wanted ? mark.length : 0 };
}

function certain(encoding: string, source: EncodingGuess['source']): EncodingGuess {
  return { encoding, source, confidence: 1, markBytes: 0, alternatives: [] };
}

function byteOrderMark(head: Uint8Array): { encoding: string; length: number } | undefined {
  const found = marks.find(([, mark]) => mark.every((byte, at) => head[at] === byte));
  return found && { encoding: found[0], length: found[1].length };
}

/**
 * UTF-16 without a mark: the zero high bytes of spaces, line ends and Latin letters are all at even positions (big-endian) or all at odd ones, and
 * there are many. Other texts contain almost no zeros, or have them between words; then the other bytes are already a text.
 */
function guessUtf16(head: Uint8Array): string | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < Math.max(2, head.length / 50)) return undefined;
  const high = even > odd * 20 ? 0 : odd > even * 20 ? 1 : undefined;
  if (high === undefined || isTextBetweenZeros(head, high)) return undefined;
  return high === 0 ? 'utf-16be' : 'utf-16le';
}

/** Whether the pairs whose high byte is not zero are each two letters of a single-byte text (or of UTF-8) rather than a unit of UTF-16. */
function isTextBetweenZeros(head: Uint8Array, high: 0 | 1): boolean {
  let pairs = 0;
  let full = 0;
  let letters = 0;
  for (let at = 0; at + 1 < head.length; at += 2) {
    const first = head[at + high] ?? 0;
    const second = head[at + 1 - high] ?? 0;
    pairs += 1;
    if (first === 0) continue;
    full += 1;
    if (isPrintable(first) && isPrintable(second)) letters += 1;
  }
  if (full < pairs / 5) return false;
  if (full >= 8 && letters > full * 0.9) return true;
  const rest = head.filter((byte) => byte !== 0);
  return !rest.some((byte) => byte < 9 || (byte > 13 && byte < 32)) && utf8Tally(rest).invalid === 0;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0 || byte === 10 || byte === 13;
}

/** ISO-2022-JP is ASCII with escapes to Japanese and back. */
function looksLikeIso2022Jp(head: Uint8Array): boolean {
  const text = Array.from(head.subarray(0, 16_384), (byte) => String.fromCharCode(byte)).join('');
  return head.every((byte) => byte < 0x80) && (text.includes('\u001b$B') || text.includes('\u001b$@'));
}

/** How well bytes read as UTF-8. */
export interface Utf8Tally {
  /** Well-formed characters outside ASCII. */
  readonly wide: number;
  readonly invalid: number;
}

function utf8Tally(bytes: Uint8Array): Utf8Tally {
  const { codes, invalid } = new Utf8Decoding().decode(bytes); // not finished: the last character may be cut
  const wide = codes.reduce((count, code) => count + (code > 0x7f ? 1 : 0), 0);
  return { wide: wide - invalid.length, invalid: invalid.length };
}

/**
 * Letters of a legacy text form UTF-8 by chance in at most one case in ten (Chinese; almost never in European languages), so a
 * text with at least as many well-formed characters as errors is damaged UTF-8.
 */
export function looksLikeUtf8({ wide, invalid }: Utf8Tally): boolean {
  return wide >= invalid;
}

/**
 * Whether bytes that are not UTF-8 may be letters of another encoding. 0xFE and 0xFF hardly ever are; if nothing else is outside ASCII, the text is
 * damaged UTF-8.
 */
export function looksLikeLegacy(sample: Uint8Array): boolean {
  return sample.some((byte) => byte > 0x7f && byte < 0xfe);
}

/** Encodings that a text may be in but that the letter statistics do not know, the most common first. */
const others = [
  ...['windows-1252', 'windows-1251', 'windows-1250', 'iso-8859-15', 'iso-8859-2', 'koi8-r', 'koi8-u'],
  ...['cp850', 'cp866', 'macintosh', 'cp852', 'maccyrillic', 'iso-8859-5', 'maccenteuro', 'cp437'],
  ...['windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258'],
  ...[
    'windows-874',
    'cp737',
    'cp857',
    'cp862',
    'cp864',
    'macgreek',
    'macturkish',
    'iso-8859-7',
    'iso-8859-6',
  ],
  ...['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'],
];

/** Weight of the statistics' own confidence, relative to how plausible the decoded text looks. */
const weightOfStatistics = 0.15;
/** Breaks ties in favour of the more common encoding. */
const weightOfOrder = 0.0005;
const scoredBytes = 8192;

/** The likeliest legacy encoding of bytes that are not UTF-8: the one in which they look most like words of some language. */
export function guessLegacy(sample: Uint8Array): EncodingGuess {
  const known = new Map<string, number>();
  for (const { name, confidence } of analyse(sample)) {
    const encoding = /^(utf|ascii)/i.test(name) ? null : knownName(name.toLowerCase());
    if (encoding !== null && !known.has(encoding)) known.set(encoding, confidence / 100);
  }
  const part = wideLines(sample);
  const ranked = [...new Set([...others, ...known.keys()])]
    .flatMap((name) => knownName(name) ?? [])
    .map((encoding, order) => {
      const confidence = known.get(encoding) ?? 0;
      const flaws = implausibility(part, encoding);
      return { encoding, flaws, score: flaws - weightOfStatistics * confidence + weightOfOrder * order };
    })
    .toSorted((a, b) => a.score - b.score);
  const [best = { encoding: 'windows-1252', flaws: 1 }, ...rest] = ranked;
  return {
    encoding: best.encoding,
    source: 'guess',
    confidence: Math.max(0.1, Math.min(0.99, 1 - best.flaws)) * (known.has(best.encoding) ? 1 : 0.8),
    markBytes: 0,
    alternatives: rest.slice(0, 4).map(({ encoding }) => encoding),
  };
}

/** The lines with anything outside ASCII, a few thousand bytes of them: the rest says nothing about an encoding. */
function wideLines(sample: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let length = 0;
  for (let start = 0; start < sample.length && length < scoredBytes;) {
    const found = sample.indexOf(10, start);
    const end = found < 0 ? sample.length : found + 1;
    const line = sample.subarray(start, Math.min(end, start + scoredBytes));
    if (line.some((byte) => byte > 0x7f)) {
      lines.push(line);
      length += line.length;
    }
    start = end;
  }
  const joined = new Uint8Array(length);
  let at = 0;
  for (const line of lines) {
    joined.set(line, at);
    at += line.length;
  }
  return joined;
}

function knownName(name: string): string | null {
  try {
    return encodingName(name);
  } catch {
    return null;
  }
}
