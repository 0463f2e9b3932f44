import type { CleaningStep } from '../../../shared/domain/cleaning.ts';

/** The cleaning step that fixes a finding of the text report, by the finding's code. */
const steps: Readonly<Record<string, CleaningStep>> = {
  'mixed-line-ends': 'line-ends',
  'carriage-returns': 'line-ends',
  'byte-order-mark': 'invisible',
  'invisible-characters': 'invisible',
  'garbled-letters': 'mojibake',
  escapes: 'entities',
  'mixed-accents': 'unicode-form',
  'mixed-quotes': 'punctuation',
  'smart-quotes': 'punctuation',
};

export function mendingStep(code: string): CleaningStep | null {
  return steps[code] ?? null;
}

/** The id of a step's switch on the page. */
export function switchId(step: CleaningStep): string {
  return `clean-${step}`;
}
