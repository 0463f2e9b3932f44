import { createDecoding } from '../dataset/decoding/encodings.ts';
import { forceEncoding, guessEncoding } from '../dataset/decoding/guess.ts';

const portionBytes = 1 << 16;
const headBytes = 1 << 16;

/** The text of a plain-text file, in the given encoding or a guessed one; without its byte order mark. */
export function decodeText(bytes: Uint8Array, encoding: string | null): string {
  const head = bytes.subarray(0, headBytes);
  const guess = encoding === null ? guessEncoding(head) : forceEncoding(encoding, head);
  if (guess.source === 'form' && guess.encoding === 'utf-8') {
    const strict = decodeUtf8(bytes);
    if (strict !== null) return strict;
    // It starts like UTF-8 but is in another encoding further on.
    const at = bytes.findIndex((byte) => byte > 0x7f);
    const later = guessEncoding(bytes.subarray(Math.max(0, at - 512), at + headBytes));
    return decodeAs(bytes, later.encoding);
  }
  return decodeAs(bytes.subarray(guess.markBytes), guess.encoding);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  const decoding = createDecoding(encoding);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += portionBytes) {
    parts.push(textOf(decoding.decode(bytes.subarray(start, start + portionBytes)).codes));
  }
  parts.push(textOf(decoding.finish().codes));
  return parts.join('');
}

/** A call takes a limited number of arguments. */
const argumentLimit = 8192;

function textOf(codes: Uint32Array): string {
  const parts: string[] = [];
  for (let start = 0; start < codes.length; start += argumentLimit) {
    parts.push(String.fromCodePoint(...codes.subarray(start, start + argumentLimit)));
  }
  return parts.join('');
}

/** Unicode characters of a text, as a corpus counts them. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}
