import { CodeBuffer, type DecodedBlock, type TextDecoding } from './decoder.ts';

/** UTF-16 of either byte order; a surrogate without its partner and an odd last byte are invalid. */
export class Utf16Decoding implements TextDecoding {
  readonly #out = new CodeBuffer();
  readonly #isBigEndian: boolean;
  /** First byte of a unit split between pieces, or -1. */
  #half = -1;
  /** High surrogate that waits for its partner, or 0. */
  #high = 0;

  constructor(byteOrder: 'little-endian' | 'big-endian') {
    this.#isBigEndian = byteOrder === 'big-endian';
  }

  decode(piece: Uint8Array): DecodedBlock {
    this.#out.reset((piece.length >> 1) + 2);
    let at = 0;
    if (this.#half >= 0 && piece.length > 0) {
      this.#unit(this.#half, piece[at++] ?? 0);
      this.#half = -1;
    }
    for (; at + 1 < piece.length; at += 2) this.#unit(piece[at] ?? 0, piece[at + 1] ?? 0);
    if (at < piece.length) this.#half = piece[at] ?? 0;
    return this.#out.block();
  }

  finish(): DecodedBlock {
    this.#out.reset(1);
    if (this.#high !== 0 || this.#half >= 0) this.#out.pushInvalid();
    this.#high = 0;
    this.#half = -1;
    return this.#out.block();
  }

  #unit(first: number, second: number): void {
    const unit = this.#isBigEndian ? (first << 8) | second : (second << 8) | first;
    const out = this.#out;
    if (this.#high !== 0) {
      const high = this.#high;
      this.#high = 0;
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        out.codes[out.length++] = 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
        return;
      }
      out.pushInvalid();
    }
    if (unit < 0xd800 || unit > 0xdfff) out.codes[out.length++] = unit;
    else if (unit < 0xdc00) this.#high = unit;
    else out.pushInvalid();
  }
}
