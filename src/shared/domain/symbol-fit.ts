import { formatShare } from '../format/numbers.ts';
import { formatSymbol } from '../format/symbols.ts';

/** How many symbols a sentence names before it only counts them. */
const maxNamed = 12;

/**
 * What happens to the symbols if a run starts from a checkpoint whose symbols differ from its text's. keep: the run has the checkpoint's symbols; others
 * in the text are replaced with the nearest ones, or left out. widen: the run has both sets.
 */
export const vocabularyChoices = ['keep', 'widen'] as const;
export type VocabularyChoice = (typeof vocabularyChoices)[number];

/** The symbols that a text is made of, or that a model reads and writes. */
export interface SymbolSet {
  readonly symbols: 'characters' | 'bytes';
  /** One string for each symbol, in any order. */
  readonly vocabulary: readonly string[];
}

export interface VocabularyMismatch {
  /** reading: one is of characters, the other of bytes. vocabulary: the symbols differ, which a VocabularyChoice settles. */
  readonly kind: 'reading' | 'vocabulary';
  /** One sentence that names what differs. */
  readonly sentence: string;
  /** Symbols of the text that the checkpoint lacks; empty where they are read differently. */
  readonly unknown: readonly string[];
}

/**
 * Why a checkpoint cannot be used with a text directly; null if it can. A model's inputs and outputs are indices into its vocabulary, so both must
 * have exactly the same symbols. Cell, layers and their size do not matter: a run takes them from its checkpoint.
 */
export function vocabularyMismatch(text: SymbolSet, checkpoint: SymbolSet): VocabularyMismatch | null {
  if (text.symbols !== checkpoint.symbols) {
    const sentence = `The checkpoint reads and writes ${checkpoint.symbols}, this run ${text.symbols}.`;
    return { kind: 'reading', sentence, unknown: [] };
  }
  const unknown = without(text.vocabulary, checkpoint.vocabulary);
  const missing = without(checkpoint.vocabulary, text.vocabulary);
  if (unknown.length === 0 && missing.length === 0) return null;
  const parts = [
    ...(unknown.length > 0 ? [`the checkpoint does not know ${list(unknown)}`] : []),
    ...(missing.length > 0 ? [`the text does not contain ${list(missing)}`] : []),
  ];
  const sentence = `The text and the checkpoint do not have the same symbols: ${parts.join('; ')}.`;
  return { kind: 'vocabulary', sentence, unknown };
}

/** A text of which a larger share cannot be read is useless for measuring, or for training. */
const maxLeftOut = { measuring: 0.95, learning: 0.5 } as const;
export type TextUse = keyof typeof maxLeftOut;

/**
 * Why a model cannot use a text of which it cannot read `leftOut` of `characters` symbols: the share; null if it can.
 */
export function unreadable(use: TextUse, leftOut: number, characters: number): string | null {
  const share = leftOut / Math.max(1, characters);
  if (share <= maxLeftOut[use]) return null;
  const shown = formatShare(Math.min(share, leftOut < characters ? 0.99 : 1));
  return `The model does not know the characters of ${shown} of this text`;
}

function without(symbols: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return symbols.filter((symbol) => !known.has(symbol));
}

function list(symbols: readonly string[]): string {
  const named = symbols.slice(0, maxNamed).map(formatSymbol).join(' ');
  const rest = symbols.length - maxNamed;
  return rest > 0 ? `${named} and ${rest} more` : named;
}
