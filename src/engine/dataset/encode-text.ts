import type { Vocabulary } from './corpus.ts';
import { replacementCandidates } from './replacements.ts';
import { indexByCode } from './vocabulary.ts';

/** A character of a text that the vocabulary does not have. */
export interface UnknownCharacter {
  readonly character: string;
  readonly count: number;
  /** What was used in its place ('' when it could be left out without loss); null when nothing is near and it was left out. */
  readonly replacement: string | null;
}

export interface EncodedText {
  readonly indices: number[];
  /** In order of first appearance. */
  readonly unknown: readonly UnknownCharacter[];
  /** The text as it was used: replacements made, the rest left out. */
  readonly text: string;
}

/** Turns text into vocabulary indices; what the vocabulary lacks is replaced by the nearest it has, and reported. */
export function encodeText(text: string, vocabulary: Vocabulary): EncodedText {
  const spell = speller(vocabulary);
  const indices: number[] = [];
  const unknown = new Map<string, { count: number; replacement: string | null }>();
  let used = '';
  for (const character of composed(text, spell)) {
    const known = spell(character);
    const replacement = known ? character : nearest(character, spell);
    if (!known) {
      const entry = unknown.get(character);
      unknown.set(character, { count: (entry?.count ?? 0) + 1, replacement });
    }
    indices.push(...(known ?? spell(replacement ?? '') ?? []));
    used += replacement ?? '';
  }
  const report = Array.from(unknown, ([character, entry]) => ({ character, ...entry }));
  return { indices, unknown: report, text: used };
}

/** Indices of a string, or null when the vocabulary cannot spell it. */
type Speller = (text: string) => number[] | null;

function speller(vocabulary: Vocabulary): Speller {
  const index = indexByCode(vocabulary);
  const encoder = new TextEncoder();
  return (text) => {
    const codes =
      vocabulary.mode === 'bytes'
        ? encoder.encode(text)
        : Array.from(text, (character) => character.codePointAt(0) ?? -1);
    const indices = Array.from(codes, (code) => index[code] ?? -1);
    return indices.includes(-1) ? null : indices;
  };
}

function nearest(character: string, spell: Speller): string | null {
  return replacementCandidates(character).find((candidate) => spell(candidate) !== null) ?? null;
}

/**
 * The characters of a text, a letter and the accent after it joined where the vocabulary knows only the joined form, and CRLF read
 * as one where it has no CR.
 */
function composed(text: string, spell: Speller): string[] {
  const lineEnds = spell('\r') ? text : text.replaceAll('\r\n', '\n');
  const joined = lineEnds.replace(/\P{M}\p{M}+/gu, (cluster) =>
    spell(cluster) || !spell(cluster.normalize('NFC')) ? cluster : cluster.normalize('NFC'),
  );
  return Array.from(joined);
}
