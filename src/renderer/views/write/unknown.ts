import type { UnknownCharacter } from '../../../shared/domain/write.ts';
import { formatSymbol } from '../../../shared/format/symbols.ts';

export interface MarkedPart {
  readonly text: string;
  readonly isKnown: boolean;
}

/** A text in parts, those that a model does not know apart from the rest. */
export function markUnknown(text: string, unknown: readonly UnknownCharacter[]): readonly MarkedPart[] {
  const foreign = new Set(unknown.map(({ character }) => character));
  const parts: { text: string; isKnown: boolean }[] = [];
  for (const character of text) {
    const isKnown = !foreign.has(character);
    const last = parts.at(-1);
    if (last?.isKnown === isKnown) last.text += character;
    else parts.push({ text: character, isKnown });
  }
  return parts;
}

/** What becomes of a character that a model does not know. */
export function unknownSentence({ character, count, replacement }: UnknownCharacter): string {
  const what = `${formatSymbol(character)}${count > 1 ? ` (${count} times)` : ''}`;
  if (replacement === null || replacement === '') return `${what} is left out`;
  const symbols = [...replacement].map(formatSymbol);
  const isVisible = symbols.every((symbol) => symbol.startsWith('“'));
  return `${what} is read as ${isVisible ? `“${replacement}”` : symbols.join(' ')}`;
}
