import { replaceMatches, unchanged, type Cleaned } from './changes.ts';

/** CRLF, CR and Unicode's own line separators become LF. */
export function unifyLineEnds(text: string): Cleaned {
  return replaceMatches(text, /\r\n?|\u2028|\u2029/g, () => '\n');
}

/** A letter with its marks, or the parts of a Korean syllable: what NFC may compose to one character. */
const cluster = /[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|\P{M}\p{M}*|\p{M}+/gu;

/** Letters with accents become one character each, where Unicode has one (NFC). */
export function composeLetters(text: string): Cleaned {
  const composed = text.normalize('NFC');
  if (composed === text) return unchanged(text);
  const { count, examples } = replaceMatches(text, cluster, (letter) => letter.normalize('NFC'));
  return { text: composed, count: Math.max(1, count), examples };
}

const plain: ReadonlyMap<string, string> = new Map([
  ...Array.from('“”„‟', (quote) => [quote, '"'] as const),
  ...Array.from('‘’‚‛', (quote) => [quote, "'"] as const),
  ['‐', '-'],
  ['‑', '-'],
  ['–', '-'],
  ['—', '--'],
  ['―', '--'],
  ['…', '...'],
]);

/** Quotes, dashes and the ellipsis become those of a typewriter. */
export function plainPunctuation(text: string): Cleaned {
  return replaceMatches(text, /[“”„‟‘’‚‛‐‑–—―…]/g, (sign) => plain.get(sign) ?? sign);
}

/** Removes spaces and tabs at line ends, and reduces three or more blank lines to two. */
export function tidySpacing(text: string): Cleaned {
  // A match cannot start at a space preceded by another, so long runs of spaces do not take quadratic time.
  const ends = replaceMatches(text, /(?<![ \t])[ \t]+(?=\n|$)/g, () => '');
  const lines = replaceMatches(ends.text, /(?<!\n)\n{4,}/g, () => '\n\n\n');
  return {
    text: lines.text,
    count: ends.count + lines.count,
    examples: [...ends.examples, ...lines.examples],
  };
}
