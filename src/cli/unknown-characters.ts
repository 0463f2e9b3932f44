import type { UnknownCharacter } from '../engine/dataset/encode-text.ts';
import { formatCount, formatQuantity } from '../shared/format/numbers.ts';
import { describeSymbol } from '../shared/format/symbols.ts';
import type { Replacement } from './json-output.ts';

/** Characters that a model lacks, as `--json` prints them. */
export function replacementsAsJson(unknown: readonly UnknownCharacter[]): Replacement[] {
  return unknown.map(({ character, count, replacement }) => ({ character, count, replacement }));
}

/** Maximum number of characters that get a sentence of their own; a text in another script would have hundreds. */
const maxNamed = 12;

/** One sentence for each unknown character and its replacement; the rest in one sentence. */
export function unknownLines(unknown: readonly UnknownCharacter[]): readonly string[] {
  const named = unknown.length > maxNamed + 1 ? unknown.slice(0, maxNamed) : unknown;
  const others = unknown.slice(named.length);
  return [...named.map(unknownLine), ...(others.length > 0 ? [othersLine(others)] : [])];
}

function unknownLine({ character, count, replacement }: UnknownCharacter): string {
  const what = `The model does not know ${describeSymbol(character)}, here ${formatQuantity(count, 'time')}`;
  if (replacement === null) return `${what}: it is left out.`;
  return replacement === ''
    ? `${what}: it is left out; the text loses nothing.`
    : `${what}: it is replaced with ${describeSymbol(replacement)}.`;
}

function othersLine(others: readonly UnknownCharacter[]): string {
  const lost = others.filter(({ replacement }) => replacement === null);
  const times = others.reduce((sum, { count }) => sum + count, 0);
  const what = `It also does not know ${formatQuantity(others.length, 'other character')}, here ${formatQuantity(times, 'time')}`;
  if (lost.length === 0) return `${what}: they are replaced.`;
  return lost.length === others.length
    ? `${what}: they are left out.`
    : `${what}: ${formatCount(lost.length)} of them are left out, the rest are replaced.`;
}
