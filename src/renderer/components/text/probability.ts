import { formatShare } from '../../../shared/format/numbers.ts';
import { formatSymbol } from '../../../shared/format/symbols.ts';

/** A probability for people; tiny values are described, not rounded to zero. */
export function formatProbability(probability: number): string {
  return probability < 0.0005 ? 'under 0.1 %' : formatShare(probability);
}

/** A symbol of a model's vocabulary; bytes alone are no character yet. */
export function symbolWord(text: string): string {
  return text === '' ? 'part of a character' : formatSymbol(text);
}
