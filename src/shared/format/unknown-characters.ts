import type { UnknownCharacter } from '../domain/write.ts';
import { formatSymbol } from './symbols.ts';

/** Maximum number of characters that a sentence names; a text in another script would have hundreds. */
const maxNamed = 12;

/** What becomes of all that a model does not know. */
export function unknownSentences(unknown: readonly UnknownCharacter[]): string {
  const named = unknown.length > maxNamed + 1 ? unknown.slice(0, maxNamed) : unknown;
  const rest = unknown.length - named.length;
  const others = rest > 0 ? [`and ${rest} others`] : [];
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
