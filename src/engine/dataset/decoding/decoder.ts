/** Decoded text, in code points. */
export interface DecodedBlock {
  /** A view into a buffer that the next call overwrites. */
  readonly codes: Uint32Array;
  /** Positions in `codes` of the U+FFFD that replace undecodable bytes; also reused. */
  readonly invalid: readonly number[];
}

/**
 * Turns bytes into code points piece by piece; a character may be split between pieces. Nothing is dropped: what cannot be
 * decoded becomes U+FFFD and is listed.
 */
export interface TextDecoding {
  decode(piece: Uint8Array): DecodedBlock;
  /** Call once after the last piece: an unfinished character becomes U+FFFD. */
  finish(): DecodedBlock;
}

export const replacementCode = 0xfffd;

/** The output buffer of a decoder: grows to the largest piece and is reused. */
export class CodeBuffer {
  codes = new Uint32Array(0);
  length = 0;
  readonly #invalid: number[] = [];

  /** Empties the buffer and makes room. */
  reset(capacity: number): Uint32Array {
    if (this.codes.length < capacity) this.codes = new Uint32Array(capacity);
    this.length = 0;
    this.#invalid.length = 0;
    return this.codes;
  }

  pushInvalid(): void {
    this.#invalid.push(this.length);
    this.codes[this.length++] = replacementCode;
  }

  block(): DecodedBlock {
    return { codes: this.codes.subarray(0, this.length), invalid: this.#invalid };
  }
}
