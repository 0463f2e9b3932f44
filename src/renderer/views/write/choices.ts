import type { Choice } from '../../../shared/ipc/schemas/write.ts';

/** What a person is offered at one place of a text. */
export interface Shortlist {
  readonly choices: readonly Choice[];
  /** How many likely symbols were left out, and what they would have had together. */
  readonly others: { readonly count: number; readonly probability: number };
}

/**
 * The likeliest choices, likeliest first, cut to what can be looked over; the symbol that stands there now is among them however
 * unlikely it was.
 * @param current text of the symbol that stands there
 */
export function shortlist(choices: readonly Choice[], current: string, most = 12): Shortlist {
  const sorted = choices.toSorted((a, b) => b.probability - a.probability || a.index - b.index);
  const standing = sorted.find(({ text }) => text === current);
  const kept = sorted.slice(0, most);
  if (standing !== undefined && !kept.includes(standing)) kept.splice(-1, 1, standing);
  const left = sorted.filter((choice) => !kept.includes(choice));
  const probability = left.reduce((sum, choice) => sum + choice.probability, 0);
  return { choices: kept, others: { count: left.length, probability } };
}
