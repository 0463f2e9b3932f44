import type { SymbolArray } from './corpus.ts';
import type { UnknownCharacter } from './encode-text.ts';

/** A text in the symbols of another vocabulary. */
export interface TranslatedText {
  /** Indices into the other vocabulary. */
  readonly symbols: SymbolArray;
  /** What the other vocabulary lacks, in order of first appearance. */
  readonly unknown: readonly UnknownCharacter[];
  /** Symbols of the text that were left out without a replacement. */
  readonly lost: number;
  /** The position in the text, in its own symbols, of a translated symbol; the text's length for the end. */
  readonly sourceOf: (index: number) => number;
}
