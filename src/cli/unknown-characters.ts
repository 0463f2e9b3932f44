import type { UnknownCharacter } from '../engine/dataset/encode-text.ts';
import { formatQuantity } from '../shared/format/numbers.ts';
import { formatSymbol } from '../shared/format/symbols.ts';
import type { Replacement } from './json-output.ts';

/** Characters that a model lacks, as `--json` prints them. */
export function replacementsAsJson(unknown: readonly UnknownCharacter[]): Replacement[] {
  return unknown.map(({ character, count, replacement }) => ({ character, count, replacement }));
}

/** One sentence per character that a model lacks and what was read in its place. */
export function unknownLines(unknown: readonly UnknownCharacter[]): readonly string[] {
  return unknown.map(({ character, count, replacement }) => {
    const what = `The model does not know ${described(character)}, here ${formatQuantity(count, 'time')}`;
    if (replacement === null) return `${what}: it is left out.`;
    return replacement === ''
      ? `${what}: it is left out without loss.`
      : `${what}: ${described(replacement)} stands in for it.`;
  });
}

/** Without quotes, which would hide that a quote is meant; with its number, for it may look like another. */
function described(text: string): string {
  const named = formatSymbol(text);
  if (named !== `“${text}”` || [...text].length > 1) return named;
  const code = text.codePointAt(0) ?? 0;
  return code < 0x7f ? text : `${text} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
