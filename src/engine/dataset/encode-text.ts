import { clustersOf } from './clusters.ts';
import type { Vocabulary } from './corpus.ts';
import { Speller, type Spelling } from './speller.ts';

/** A character of a text (with its combining marks) that the vocabulary does not have. */
export interface UnknownCharacter {
  readonly character: string;
  readonly count: number;
  /** Its replacement ('' if it could be left out without loss); null if there is none and it was left out. */
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
  const speller = new Speller(vocabulary);
  const indices: number[] = [];
  const unknown = new UnknownTally();
  let used = '';
  for (const cluster of clustersOf(text)) {
    const spelling = speller.spell(cluster);
    unknown.add(spelling);
    for (const index of spelling.indices) indices.push(index);
    used += spelling.text;
  }
  return { indices, unknown: unknown.report(), text: used };
}

/** Counts the characters of a text that a vocabulary lacks. */
export class UnknownTally {
  readonly #counts = new Map<string, { count: number; readonly replacement: string | null }>();

  add({ unknown }: Spelling): void {
    if (unknown === null) return;
    const { character, replacement } = unknown;
    const entry = this.#counts.get(character);
    if (entry === undefined) this.#counts.set(character, { count: 1, replacement });
    else entry.count += 1;
  }

  /** In order of first appearance. */
  report(): UnknownCharacter[] {
    return Array.from(this.#counts, ([character, entry]) => ({ character, ...entry }));
  }
}
