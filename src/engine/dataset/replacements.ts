/**
 * Replacements for characters that a vocabulary lacks: typographic variants (curly and straight quotes, dashes), letters that Unicode does not
 * decompose, spaces. Candidates are tried in order.
 */
const groups: readonly (readonly [characters: string, candidates: readonly string[]])[] = [
  ['’‘‚‛′`´ʼ', ["'", '’', '‘']],
  ["'", ['’', '‘', '´', '`']],
  ['“”„‟″«»', ['"', '“', '”', "''"]],
  ['"', ['”', '“', '»', "''"]],
  ['‹›', ["'", '’']],
  ['–—―‒‐‑−⁃', ['-', '—', '–']],
  ['-', ['–', '—', '‐', '−']],
  ['…', ['...', '.']],
  ['•·‣', ['*', '-']],
  ['\u00A0\u2002\u2003\u2009\u200A\u202F\u3000\t', [' ']],
  ['\u2028\u2029\v\f\u0085', ['\n', ' ']],
  ['\n', ['\r\n', '\r', ' ']],
  ['\r', ['\n', '']],
  ['\u00AD\u200B\u200C\u200D\u2060\uFEFF', ['']],
  ['ß', ['ss']],
  ['ẞ', ['SS', 'ß']],
  ['æ', ['ae']],
  ['Æ', ['AE', 'Ae']],
  ['œ', ['oe']],
  ['Œ', ['OE', 'Oe']],
  ['ø', ['o']],
  ['Ø', ['O']],
  ['ł', ['l']],
  ['Ł', ['L']],
  ['đð', ['d']],
  ['ĐÐ', ['D']],
  ['þ', ['th']],
  ['Þ', ['Th']],
  ['ı', ['i']],
  ['ħ', ['h']],
  ['×', ['x', '*']],
  ['÷', ['/']],
  ['{[', ['(']],
  ['}]', [')']],
];

const table = new Map(
  groups.flatMap(([characters, candidates]) =>
    Array.from(characters, (character) => [character, candidates] as const),
  ),
);

/** Nearest replacements of a character, best first: the table, the letter without its accents, compatible forms, the other case. */
export function replacementCandidates(character: string): readonly string[] {
  const plain = character.normalize('NFD').replace(/\p{M}+/gu, '');
  const compatible = character.normalize('NFKD').replace(/\p{M}+/gu, '');
  const candidates = [...(table.get(character) ?? []), character.normalize('NFD'), plain, compatible];
  const cased = [character, plain, compatible].flatMap((form) => [form.toLowerCase(), form.toUpperCase()]);
  return [...new Set([...candidates, ...cased])].filter(
    (form) => form !== character && (form !== '' || table.get(character)?.includes('')),
  );
}
