import iconv from 'iconv-lite';
import { CharloomError } from '../../../shared/errors.ts';
import type { TextDecoding } from './decoder.ts';
import { LibraryDecoding, type StringDecoder } from './library.ts';
import { identityTable, SingleByteDecoding } from './single-byte.ts';
import { Utf16Decoding } from './utf16.ts';
import { Utf8Decoding } from './utf8.ts';

/** Common names of encodings that have another name here. Web browsers read Latin-1 as its superset windows-1252 too. */
const aliases: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  unicode: 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  'ucs-2': 'utf-16le',
  ucs2: 'utf-16le',
  utf16be: 'utf-16be',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  iso88591: 'windows-1252',
  ansi: 'windows-1252',
  cp1252: 'windows-1252',
  sjis: 'shift_jis',
  'shift-jis': 'shift_jis',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  'iso-8859-8-i': 'iso-8859-8',
};

/** Codings that iconv-lite knows but that are not encodings of text. */
const notForText = new Set(['base64', 'hex', 'binary', 'internal', 'cesu8']);

/** What the bytes of a file are read as in bytes mode. */
export const bytesEncoding = 'bytes';

/**
 * The canonical name of an encoding: `utf-8`, `utf-16le`, `windows-1252`, `shift_jis`… `utf-16` is kept until the byte order is known.
 * @throws CharloomError 'bad-setting' for an unknown name.
 */
export function encodingName(name: string): string {
  const plain = name.trim().toLowerCase();
  const known = aliases[plain] ?? plain;
  if (known.startsWith('utf-16') || known === 'utf-8') return known;
  if (!notForText.has(known) && (iconv.encodingExists(known) || platformDecoder(known))) return known;
  throw new CharloomError('bad-setting', `There is no encoding named ${JSON.stringify(name)}.`, {
    fix: 'Use one such as utf-8, utf-16le, windows-1252, macintosh, koi8-r, shift_jis, gb18030 or big5, or leave it out to have it guessed.',
  });
}

/** A new decoder for an encoding, by its canonical name, or for raw bytes. */
export function createDecoding(encoding: string): TextDecoding {
  switch (encoding) {
    case bytesEncoding:
      return new SingleByteDecoding(identityTable());
    case 'utf-8':
      return new Utf8Decoding();
    case 'utf-16le':
      return new Utf16Decoding('little-endian');
    case 'utf-16be':
      return new Utf16Decoding('big-endian');
    default:
      return createLegacyDecoding(encoding);
  }
}

/**
 * Code pages are decoded with a table from iconv-lite (TextDecoder reads five undefined bytes of windows-1252 as control characters, which
 * would hide errors). For the rest TextDecoder is twice as fast, and correct where iconv-lite is not: iconv-lite loses characters of three
 * or four bytes that are split between pieces. What only iconv-lite has (UTF-32, UTF-7) it streams correctly.
 */
function createLegacyDecoding(encoding: string): TextDecoding {
  const table = iconv.encodingExists(encoding) ? codePageTable(encoding) : null;
  if (table) return new SingleByteDecoding(table);
  return new LibraryDecoding(platformDecoder(encoding) ?? iconvDecoder(encoding));
}

function iconvDecoder(encoding: string): StringDecoder {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  return {
    // iconv-lite's types require a Buffer, but it accepts any Uint8Array; some of its codecs return undefined for no output.
    write: (piece) => decoder.write(piece as Parameters<typeof decoder.write>[0]) ?? '',
    end: () => decoder.end() ?? '',
  };
}

/** The 256 codes of an encoding with one byte per character; null for any other. */
function codePageTable(encoding: string): Uint32Array | null {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    // A lead byte would swallow the letter, a stateful encoding would give nothing.
    const text = iconv.decode(Uint8Array.of(byte, 0x41), encoding, { stripBOM: false });
    const other = iconv.decode(Uint8Array.of(byte, 0xa1), encoding, { stripBOM: false });
    if (text.length !== 2 || !text.endsWith('A') || other.length !== 2) return null;
    table[byte] = text.charCodeAt(0);
  }
  return table;
}

/** One of the platform's decoders (the web's encodings: Japanese, Chinese, Korean); null for an encoding it does not have. */
function platformDecoder(encoding: string): StringDecoder | null {
  try {
    return new PlatformDecoder(new TextDecoder(encoding, { ignoreBOM: true }));
  } catch {
    return null;
  }
}

/** TextDecoder, avoiding a defect of Node's: it throws on some invalid bytes when given fewer than four at a time (gb18030, euc-jp). */
class PlatformDecoder implements StringDecoder {
  readonly #decoder: TextDecoder;
  /** The last bytes, always held back so that neither a short piece nor a short end reaches the decoder. */
  #held = new Uint8Array(0);
  static readonly #keptBack = 16;

  constructor(decoder: TextDecoder) {
    this.#decoder = decoder;
  }

  write(piece: Uint8Array): string {
    const joined = new Uint8Array(this.#held.length + piece.length);
    joined.set(this.#held);
    joined.set(piece, this.#held.length);
    const ready = joined.length - PlatformDecoder.#keptBack;
    if (ready < PlatformDecoder.#keptBack) {
      this.#held = joined;
      return '';
    }
    this.#held = joined.slice(ready);
    return this.#decoder.decode(joined.subarray(0, ready), { stream: true });
  }

  end(): string {
    return this.#decoder.decode(this.#held);
  }
}
