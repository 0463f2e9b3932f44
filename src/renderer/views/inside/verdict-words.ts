import type { InspectionVerdict } from '../../../shared/domain/inspected-properties.ts';

/** A verdict as a word with a sign, so that shape distinguishes it as well as colour. */
export const verdictWords: Readonly<
  Record<InspectionVerdict, { readonly sign: string; readonly word: string; readonly means: string }>
> = {
  remembers: {
    sign: '●',
    word: 'remembers',
    means: 'A unit follows it much better than chance and better than the last six characters tell.',
  },
  reacts: {
    sign: '◐',
    word: 'reacts to what it just read',
    means: 'A unit follows it, but the last few characters alone tell as much.',
  },
  nothing: { sign: '○', word: 'nothing found', means: 'No unit follows it better than chance.' },
  'too-rare': { sign: '–', word: 'too rare here', means: 'The text has too few places to measure it on.' },
};
