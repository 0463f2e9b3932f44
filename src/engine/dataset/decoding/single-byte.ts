import { CodeBuffer, replacementCode, type DecodedBlock, type TextDecoding } from './decoder.ts';

/** One byte, one symbol: legacy code pages by their table, and raw bytes by the identity. */
export class SingleByteDecoding implements TextDecoding {
  readonly #out = new CodeBuffer();
  readonly #table: Uint32Array;

  /** `table` holds the code of each of the 256 bytes, U+FFFD where the code page has none. */
  constructor(table: Uint32Array) {
    this.#table = table;
  }

  decode(piece: Uint8Array): DecodedBlock {
    const out = this.#out;
    const codes = out.reset(piece.length);
    const table = this.#table;
    for (let at = 0; at < piece.length; at += 1) {
      const code = table[piece[at] ?? 0] ?? 0;
      if (code === replacementCode) out.pushInvalid();
      else codes[out.length++] = code;
    }
    return out.block();
  }

  finish(): DecodedBlock {
    this.#out.reset(0);
    return this.#out.block();
  }
}

/** The table of bytes mode: char-rnn's symbols are the bytes themselves. */
export function identityTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => byte);
}
