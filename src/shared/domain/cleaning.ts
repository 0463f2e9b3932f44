import { z } from 'zod';
import type { DocumentKind } from './document-kinds.ts';

/**
 * Cleaning steps, in the order in which they are applied. `usual` is for documents: 'on' is applied, 'offered' is proposed if it finds something,
 * 'off' is applied only on request. Plain text is not cleaned unless requested.
 */
export const cleaningSteps = {
  'line-ends': {
    title: 'Line ends',
    effect: 'Converts the line ends of Windows and old Macs to LF.',
    usual: 'on',
  },
  mojibake: {
    title: 'Garbled letters',
    effect: 'Repairs UTF-8 that was read as windows-1252 ("Ã©").',
    usual: 'offered',
  },
  entities: {
    title: 'HTML entities',
    effect: 'Replaces HTML entities ("&amp;") with their characters.',
    usual: 'offered',
  },
  invisible: {
    title: 'Invisible characters',
    effect:
      'Removes byte order marks, soft hyphens, direction marks and zero-width spaces; keeps joiners in emoji and in scripts that need them.',
    usual: 'on',
  },
  'unicode-form': {
    title: 'Unicode form',
    effect: 'Combines letters with their accents (NFC).',
    usual: 'on',
  },
  gutenberg: {
    title: 'Project Gutenberg header and licence',
    effect: 'Removes Project Gutenberg’s header and licence from the beginning and end of a text.',
    usual: 'on',
  },
  'hard-wraps': {
    title: 'Wrapped lines',
    effect: 'Joins lines that a program wrapped at 55 to 80 columns; leaves verse and code unchanged.',
    usual: 'off',
  },
  punctuation: {
    title: 'Plain quotes and dashes',
    effect: 'Replaces curly quotes, long dashes and ellipses with plain characters.',
    usual: 'off',
  },
  spacing: {
    title: 'Spaces and blank lines',
    effect: 'Removes spaces at line ends, and reduces three or more blank lines to two.',
    usual: 'on',
  },
} as const satisfies Record<string, CleaningStepWords>;

interface CleaningStepWords {
  readonly title: string;
  readonly effect: string;
  readonly usual: 'on' | 'offered' | 'off';
}

export type CleaningStep = keyof typeof cleaningSteps;
export const cleaningStepNames = Object.keys(cleaningSteps) as readonly CleaningStep[];
export const cleaningStepSchema = z.custom<CleaningStep>(
  (value) => typeof value === 'string' && Object.hasOwn(cleaningSteps, value),
);

/** The steps that are applied to a file of a kind by default. */
export function usualSteps(kind: DocumentKind): readonly CleaningStep[] {
  return kind === 'text' ? [] : cleaningStepNames.filter((step) => cleaningSteps[step].usual === 'on');
}
