/** Indices into a vocabulary, the narrowest array that fits: V up to 256, up to 65,536, more. */
export type SymbolArray = Uint8Array | Uint16Array | Uint32Array;

export type SymbolMode = 'characters' | 'bytes';

/** The distinct symbols of a text, sorted: by code point for characters, by value for bytes (char-rnn's order). */
export interface Vocabulary {
  readonly mode: SymbolMode;
  /** Code point (or byte value) of each index, strictly ascending. */
  readonly codes: readonly number[];
}

/** A text ready for training: N symbols as vocabulary indices, and where they came from. */
export interface Corpus {
  readonly vocabulary: Vocabulary;
  readonly symbols: SymbolArray;
  /** Name of the encoding it was read as, for instance `utf-8`; `bytes` in bytes mode. */
  readonly encoding: string;
}
