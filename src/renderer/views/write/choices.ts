import type { Choice } from '../../../shared/domain/write.ts';
import type { WrittenSymbol } from '../../stores/writing/written-text.ts';

/** The alternatives offered at one position of a text. */
export interface Shortlist {
  readonly choices: readonly Choice[];
  /** How many symbols of the vocabulary are not among them, and their total probability. */
  readonly others: { readonly count: number; readonly probability: number };
}

/**
 * The likeliest choices, likeliest first, limited to what can be shown; the current symbol is always included.
 * @param choices the likeliest of all, from the model
 * @param current the current symbol
 * @param vocabulary text of every symbol by index
 */
export function shortlist(
  choices: readonly Choice[],
  current: WrittenSymbol | undefined,
  vocabulary: readonly string[],
  most = 10,
): Shortlist {
  const kept = choices.toSorted((a, b) => b.probability - a.probability || a.index - b.index).slice(0, most);
  const index = current === undefined ? -1 : vocabulary.indexOf(current.text);
  if (current !== undefined && index >= 0 && !kept.some((choice) => choice.index === index)) {
    kept.splice(kept.length < most ? kept.length : -1, 1, { index, ...current });
  }
  const probability = 1 - kept.reduce((sum, choice) => sum + choice.probability, 0);
  return {
    choices: kept,
    others: { count: Math.max(0, vocabulary.length - kept.length), probability: Math.max(0, probability) },
  };
}
