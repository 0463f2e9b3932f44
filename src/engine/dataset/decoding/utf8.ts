import { CodeBuffer, type DecodedBlock, type TextDecoding } from './decoder.ts';

/**
 * Decodes UTF-8 directly to code points and lists the errors; TextDecoder does neither. The result is that of the WHATWG decoder:
 * every maximal prefix of a well-formed sequence that turns out invalid becomes one U+FFFD
 * (https://encoding.spec.whatwg.org/#utf-8-decoder).
 */
export class Utf8Decoding implements TextDecoding {
  readonly #out = new CodeBuffer();
  /** Continuation bytes still to come, the bits so far, and the range the next byte must fall in. */
  #needed = 0;
  #bits = 0;
  #lower = 0x80;
  #upper = 0xbf;

  decode(piece: Uint8Array): DecodedBlock {
    const out = this.#out;
    const codes = out.reset(piece.length + 1);
    const end = piece.length;
    let at = 0;
    while (at < end) {
      if (this.#needed === 0) {
        at = copyAscii(piece, at, out, codes);
        if (at < end) this.#begin(piece[at++] ?? 0);
        continue;
      }
      const byte = piece[at] ?? 0;
      if (byte < this.#lower || byte > this.#upper) {
        this.#abandon(); // the byte itself is examined again: it may begin the next character
        continue;
      }
      at += 1;
      this.#continue(byte);
    }
    return out.block();
  }

  finish(): DecodedBlock {
    this.#out.reset(1);
    if (this.#needed > 0) this.#abandon();
    return this.#out.block();
  }

  #begin(byte: number): void {
    if (byte >= 0xc2 && byte <= 0xdf) {
      this.#expect(1, byte & 0x1f, 0x80, 0xbf);
    } else if (byte >= 0xe0 && byte <= 0xef) {
      // No overlong forms, no surrogates.
      this.#expect(2, byte & 0x0f, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      // No overlong forms, nothing above U+10FFFF.
      this.#expect(3, byte & 0x07, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
    } else {
      this.#out.pushInvalid();
    }
  }

  #expect(needed: number, bits: number, lower: number, upper: number): void {
    this.#needed = needed;
    this.#bits = bits;
    this.#lower = lower;
    this.#upper = upper;
  }

  #continue(byte: number): void {
    this.#expect(this.#needed - 1, (this.#bits << 6) | (byte & 0x3f), 0x80, 0xbf);
    if (this.#needed === 0) this.#out.codes[this.#out.length++] = this.#bits;
  }

  #abandon(): void {
    this.#needed = 0;
    this.#out.pushInvalid();
  }
}

/** Copies the run of ASCII from `at` on, in a loop with nothing else in it; returns where it ended. */
function copyAscii(piece: Uint8Array, at: number, out: CodeBuffer, codes: Uint32Array): number {
  let length = out.length;
  let next = at;
  for (; next < piece.length; next += 1) {
    const byte = piece[next] ?? 0;
    if (byte > 0x7f) break;
    codes[length++] = byte;
  }
  out.length = length;
  return next;
}
