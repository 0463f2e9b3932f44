import { z } from 'zod';
import type { DocumentKind } from './documents.ts';

/**
 * What can be done to a text before it is learned from, in the order in which it is done. `usual` is for documents: 'on' is done, 'offered' is
 * proposed where it finds something, 'off' is done only where somebody asks for it. A plain text is learned as it stands.
 */
export const cleaningSteps = {
  'line-ends': { title: 'Line ends', effect: 'Line ends of Windows and old Macs become LF.', usual: 'on' },
  mojibake: {
    title: 'Garbled letters',
    effect: 'UTF-8 that was read as windows-1252 ("Ã©") becomes the letters that were meant.',
    usual: 'offered',
  },
  entities: {
    title: 'HTML entities',
    effect: 'Entities of HTML ("&amp;") become the characters that they stand for.',
    usual: 'offered',
  },
  invisible: {
    title: 'Invisible characters',
    effect:
      'Byte order marks, soft hyphens, marks of direction and spaces of no width go; joiners in emoji and in scripts that need them stay.',
    usual: 'on',
  },
  'unicode-form': {
    title: 'Unicode form',
    effect: 'Letters with accents become one character each (NFC).',
    usual: 'on',
  },
  gutenberg: {
    title: 'Project Gutenberg’s frame',
    effect: 'The head and the licence of Project Gutenberg go, at the beginning and the end of a text.',
    usual: 'on',
  },
  'hard-wraps': {
    title: 'Wrapped lines',
    effect: 'Lines that a program has broken at 55 to 80 columns become paragraphs; verse and code stay.',
    usual: 'off',
  },
  punctuation: {
    title: 'Plain quotes and dashes',
    effect: 'Curly quotes, long dashes and the ellipsis become those of a typewriter.',
    usual: 'off',
  },
  spacing: {
    title: 'Spaces and blank lines',
    effect: 'Spaces at line ends go, and three or more blank lines become two.',
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

/** The steps that are done to a file of a kind unless somebody decides otherwise. */
export function usualSteps(kind: DocumentKind): readonly CleaningStep[] {
  return kind === 'text' ? [] : cleaningStepNames.filter((step) => cleaningSteps[step].usual === 'on');
}
