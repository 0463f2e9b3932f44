import type { CleaningStep } from '../../../shared/domain/cleaning.ts';
import { cleaningStepNames } from '../../../shared/domain/cleaning.ts';
import type { StepCount } from '../../../shared/domain/documents.ts';
import type { CleanText } from './changes.ts';
import { decodeEntities } from './entities.ts';
import { removeGutenbergFrame } from './gutenberg.ts';
import { joinWrappedLines } from './hard-wraps.ts';
import { removeInvisible } from './invisible.ts';
import { mendMojibake } from './mojibake.ts';
import { composeLetters, plainPunctuation, tidySpacing, unifyLineEnds } from './plain-steps.ts';

/** The function of each step. */
export const cleaningFunctions: Readonly<Record<CleaningStep, CleanText>> = {
  'line-ends': unifyLineEnds,
  mojibake: mendMojibake,
  entities: decodeEntities,
  invisible: removeInvisible,
  'unicode-form': composeLetters,
  gutenberg: removeGutenbergFrame,
  'hard-wraps': joinWrappedLines,
  punctuation: plainPunctuation,
  spacing: tidySpacing,
};

/** Applies steps to a text, in the order of their table, whatever order they are given in. */
export function clean(
  text: string,
  steps: readonly CleaningStep[],
): { readonly text: string; readonly counts: readonly StepCount[] } {
  let cleaned = text;
  const counts: StepCount[] = [];
  for (const step of cleaningStepNames) {
    if (!steps.includes(step)) continue;
    const result = cleaningFunctions[step](cleaned);
    cleaned = result.text;
    counts.push({ step, count: result.count });
  }
  return { text: cleaned, counts };
}
