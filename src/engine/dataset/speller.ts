import type { Vocabulary } from './corpus.ts';
import { replacementCandidates } from './replacements.ts';
import { indexByCode } from './vocabulary.ts';

/** How a cluster is written in a vocabulary. */
export interface Spelling {
  readonly indices: readonly number[];
  /** As it was used: replaced, or '' for left out. */
  readonly text: string;
  /** What the vocabulary lacks of it, and the replacement: '' without loss, null for none. */
  readonly unknown: { readonly character: string; readonly replacement: string | null } | null;
  /** Code points (bytes in bytes mode) of the source without a replacement. */
  readonly lost: number;
}

/** Most spellings that are cached; a text has a few hundred different clusters, at most about ten thousand. */
const remembered = 65_536;
/** Joiners, variation selectors and skin tones: without them an emoji becomes the plainer emoji. */
const refinements = /\u200c|\u200d|\ufe0e|\ufe0f|[\u{1f3fb}-\u{1f3ff}]/gu;

/**
 * Writes clusters in a vocabulary, for all uses: opening words, measured texts, stop texts. A canonically equivalent form (a letter and its accent
 * joined or separate, another kind of line end) is not a replacement; otherwise the nearest known form replaces the cluster as a whole; otherwise it
 * is left out as a whole.
 */
export class Speller {
  readonly #index: Int32Array;
  readonly #isBytes: boolean;
  readonly #encoder = new TextEncoder();
  readonly #known = new Map<string, Spelling>();

  constructor(vocabulary: Vocabulary) {
    this.#index = indexByCode(vocabulary);
    this.#isBytes = vocabulary.mode === 'bytes';
  }

  /** Indices of a string as it is, or null when the vocabulary cannot spell it. */
  exactly(text: string): number[] | null {
    const codes = this.#isBytes
      ? this.#encoder.encode(text)
      : Array.from(text, (character) => character.codePointAt(0) ?? -1);
    const indices = Array.from(codes, (code) => this.#index[code] ?? -1);
    return indices.includes(-1) ? null : indices;
  }

  spell(cluster: string): Spelling {
    const known = this.#known.get(cluster);
    if (known !== undefined) return known;
    const spelling = this.#find(cluster);
    if (this.#known.size < remembered) this.#known.set(cluster, spelling);
    return spelling;
  }

  #find(cluster: string): Spelling {
    for (const form of equalForms(cluster)) {
      const indices = this.exactly(form);
      if (indices !== null) return { indices, text: form, unknown: null, lost: 0 };
    }
    return this.#whole(cluster) ?? this.#parts(cluster);
  }

  /** A similar form that replaces all of it. */
  #whole(cluster: string): Spelling | null {
    const joined = cluster === '\r\n' ? '\n' : cluster.normalize('NFC');
    const isOne = [...joined].length === 1;
    const plainer = joined.replace(refinements, '');
    const candidates = isOne ? replacementCandidates(joined) : plainer === '' ? [] : [plainer];
    const replacement = candidates.find((candidate) => this.exactly(candidate) !== null);
    return replacement === undefined ? null : this.#replaced(cluster, replacement, 0);
  }

  /** The base letter with those of its marks that are known; without the letter the marks mean nothing. */
  #parts(cluster: string): Spelling {
    const [head = '', ...others] = cluster.normalize('NFD');
    const isLetter = /^\p{L}$/u.test(head);
    const base = [head, ...replacementCandidates(head)].find((form) => this.exactly(form) !== null);
    const isSign = others.length > 0 && others.every((sign) => /^(?:\p{M}|\u200c|\u200d)$/u.test(sign));
    if (base === undefined || base === '' || (others.length > 0 && !(isLetter && isSign))) {
      return this.#replaced(cluster, null, this.#size(cluster));
    }
    const isKnown = (sign: string): boolean => this.exactly(sign) !== null;
    const used = base + others.filter(isKnown).join('');
    const missing = others.filter((sign) => !isKnown(sign) && /^\p{M}$/u.test(sign));
    // An accent modifies a letter, so the letter alone can replace both; a vowel sign is a letter in its own right, and would be missing.
    const areAccents = missing.every((sign) => /^\p{Script=Inherited}$/u.test(sign));
    if (base !== head || areAccents) return this.#replaced(cluster, used, 0);
    return this.#replaced(missing.join(''), null, this.#size(missing.join('')), used);
  }

  #replaced(character: string, replacement: string | null, lost: number, used = replacement ?? ''): Spelling {
    return { indices: this.exactly(used) ?? [], text: used, unknown: { character, replacement }, lost };
  }

  #size(text: string): number {
    return this.#isBytes ? this.#encoder.encode(text).length : [...text].length;
  }
}

function equalForms(cluster: string): readonly string[] {
  if (cluster === '\r\n') return ['\r\n', '\n'];
  return [...new Set([cluster, cluster.normalize('NFC'), cluster.normalize('NFD')])];
}
