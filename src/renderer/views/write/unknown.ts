import type { UnknownCharacter } from '../../../shared/domain/write.ts';
import { formatSymbol } from '../../../shared/format/symbols.ts';

export interface MarkedPart {
  readonly text: string;
  readonly isKnown: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text in parts, those that a model does not know apart from the rest; a letter and the signs that belong to it are one. */
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

/** Characters that a sentence names; a text in another script would have hundreds. */
const maxNamed = 12;

/** What becomes of all that a model does not know. */
export function unknownSentences(unknown: readonly UnknownCharacter[]): string {
  const named = unknown.length > maxNamed + 1 ? unknown.slice(0, maxNamed) : unknown;
  const rest = unknown.length - named.length;
  const others = rest > 0 ? [`${rest} others likewise`] : [];
  return `${[...named.map(unknownSentence), ...others].join('; ')}.`;
}

/** What becomes of a character that a model does not know. */
export function unknownSentence({ character, count, replacement }: UnknownCharacter): string {
  const what = `${formatSymbol(character)}${count > 1 ? ` (${count} times)` : ''}`;
  if (replacement === null || replacement === '') return `${what} is left out`;
  const symbols = [...replacement].map(formatSymbol);
  const isVisible = symbols.every((symbol) => symbol.startsWith('“'));
  return `${what} is read as ${isVisible ? `“${replacement}”` : symbols.join(' ')}`;
}
