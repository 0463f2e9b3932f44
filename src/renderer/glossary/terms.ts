import { insideTerms } from './inside-terms.ts';
import { learningTerms } from './learning-terms.ts';
import { modelTerms } from './model-terms.ts';
import { recipeTerms } from './recipe-terms.ts';
import type { TermEntry } from './term-entry.ts';
import { textTerms } from './text-terms.ts';
import { writingTerms } from './writing-terms.ts';

/** Every term that the pages use, in plain words. A term on a page links here (components/Term.svelte). */
export const glossary = {
  ...textTerms,
  ...learningTerms,
  ...recipeTerms,
  ...modelTerms,
  ...writingTerms,
  ...insideTerms,
} as const;

export type TermKey = keyof typeof glossary;

/** Whether an address names a term. */
export function isTerm(key: string): key is TermKey {
  return Object.hasOwn(glossary, key);
}

export interface FoundTerm extends TermEntry {
  readonly key: TermKey;
}

/** Terms whose name or explanation contains the search text, by name; all of them for an empty search. */
export function findTerms(search: string): readonly FoundTerm[] {
  const wanted = search.trim().toLowerCase();
  return (Object.keys(glossary) as TermKey[])
    .map((key): FoundTerm => ({ key, ...glossary[key] }))
    .filter(({ word, meaning, more }) => `${word} ${meaning} ${more}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => a.word.localeCompare(b.word, 'en', { sensitivity: 'base' }));
}
