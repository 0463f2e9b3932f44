import { CodeBuffer, replacementCode, type DecodedBlock, type TextDecoding } from './decoder.ts';

/** What iconv-lite and TextDecoder have in common: bytes in, text out; a character split between pieces is held back. */
export interface StringDecoder {
  write(piece: Uint8Array): string;
  end(): string;
}

/** Encodings of several bytes per character (Japanese, Chinese, Korean, UTF-32), decoded by a library that marks errors with U+FFFD. */
export class LibraryDecoding implements TextDecoding {
  readonly #out = new CodeBuffer();
  readonly #decoder: StringDecoder;
  /** High surrogate that waits for its partner: libraries may cut a string between the two. */
  #high = '';

  constructor(decoder: StringDecoder) {
    this.#decoder = decoder;
  }

  decode(piece: Uint8Array): DecodedBlock {
    return this.#spread(this.#decoder.write(piece), false);
  }

  finish(): DecodedBlock {
    return this.#spread(this.#decoder.end(), true);
  }

  #spread(piece: string, isLast: boolean): DecodedBlock {
    let text = this.#high + piece;
    this.#high = '';
    const last = text.charCodeAt(text.length - 1);
    if (!isLast && last >= 0xd800 && last < 0xdc00) {
      this.#high = text.slice(-1);
      text = text.slice(0, -1);
    }
    const out = this.#out;
    const codes = out.reset(text.length);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xffff) at += 1;
      if (code === replacementCode || (code >= 0xd800 && code <= 0xdfff)) out.pushInvalid();
      else codes[out.length++] = code;
    }
    return out.block();
  }
}
