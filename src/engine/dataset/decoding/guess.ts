import { analyse } from 'chardet';
import { encodingName } from './encodings.ts';
import { Utf8Decoding } from './utf8.ts';

/** How sure we are, and of what: shown to people, who may choose another. */
export interface EncodingGuess {
  readonly encoding: string;
  /** 'forced' by the user, told by a byte order mark, recognised by its form, or guessed from letter statistics. */
  readonly source: 'forced' | 'byte-order-mark' | 'form' | 'guess';
  /** 0..1. */
  readonly confidence: number;
  /** Bytes of the byte order mark, which is no symbol of the text. */
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
  const isUtf8 = looksLikeUtf8(utf8Tally(head)) || !looksLikeLegacy(head);
  return isUtf8 ? certain('utf-8', 'form') : guessLegacy(head);
}

/** The encoding a person chose; a byte order mark of that encoding is still taken off, and decides the byte order of `utf-16`. */
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
 * UTF-16 without a mark: the zero high bytes of spaces, line ends and Latin letters all stand at even places (big-endian) or all at
 * odd ones, and there are many. Other texts hold next to no zeros.
 */
function guessUtf16(head: Uint8Array): string | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < Math.max(2, head.length / 50)) return undefined;
  if (even > odd * 20) return 'utf-16be';
  return odd > even * 20 ? 'utf-16le' : undefined;
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
 * Letters of a legacy text form UTF-8 by chance in one case of ten at most (Chinese; European languages next to never), so a text
 * whose well-formed characters are no fewer than its errors is UTF-8 with damage.
 */
export function looksLikeUtf8({ wide, invalid }: Utf8Tally): boolean {
  return wide >= invalid;
}

/**
 * Whether bytes that are not UTF-8 may be letters of another encoding. 0xFE and 0xFF hardly ever are; where nothing else stands outside
 * ASCII, the text is UTF-8 with damage.
 */
export function looksLikeLegacy(sample: Uint8Array): boolean {
  return sample.some((byte) => byte > 0x7f && byte < 0xfe);
}

/** Below this chardet's candidates are noise, and the commonest legacy encoding is the better bet. */
const leastConfidence = 0.1;

/** The likeliest legacy encoding of bytes that are not UTF-8. */
export function guessLegacy(sample: Uint8Array): EncodingGuess {
  const candidates = analyse(sample)
    .map(({ name, confidence }) => ({ name: name.toLowerCase(), confidence: confidence / 100 }))
    .filter(({ name, confidence }) => confidence >= leastConfidence && !/^(utf|ascii)/.test(name))
    .map(({ name, confidence }) => ({ encoding: knownName(name), confidence }))
    .filter(({ encoding }) => encoding !== null);
  const names = [...new Set([...candidates.map(({ encoding }) => encoding ?? ''), 'windows-1252'])];
  const [encoding = 'windows-1252', ...alternatives] = names;
  return {
    encoding,
    source: 'guess',
    confidence: candidates[0]?.confidence ?? leastConfidence,
    markBytes: 0,
    alternatives: alternatives.slice(0, 4),
  };
}

function knownName(name: string): string | null {
  try {
    return encodingName(name);
  } catch {
    return null;
  }
}
