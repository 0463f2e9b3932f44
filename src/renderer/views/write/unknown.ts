import type { UnknownCharacter } from '../../../shared/domain/write.ts';

export interface MarkedPart {
  readonly text: string;
  readonly isKnown: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text in parts, those that a model does not know apart from the rest; a letter and its combining marks are one. */
export function markUnknown(text: string, unknown: readonly UnknownCharacter[]): readonly MarkedPart[] {
  const foreign = new Set(unknown.map(({ character }) => character));
  const signs = [...foreign].filter((character) => /^\p{M}/u.test(character));
  const parts: { text: string; isKnown: boolean }[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const isKnown = !foreign.has(segment) && !signs.some((sign) => segment.endsWith(sign));
    const last = parts.at(-1);
    if (last?.isKnown === isKnown) last.text += segment;
    else parts.push({ text: segment, isKnown });
  }
  return parts;
}
