import { unchanged, type Cleaned, type CleaningExample } from './changes.ts';

/** The lines that Project Gutenberg puts before a book and after it, in the wordings that it has used over fifty years. */
const start =
  /^[ \t]*\*{3}\s?START OF (?:THE|THIS) PROJECT GUTENBERG E-?(?:BOOK|TEXT)[^\n]*(?:\n[^\n*]+){0,2}?\*{3}[^\n]*$|^[^\n]*\*END\*?THE SMALL PRINT![^\n]*$/gim;
const end =
  /^[ \t]*\*{3}\s?END OF (?:THE|THIS) PROJECT GUTENBERG E-?(?:BOOK|TEXT)[^\n]*$|^End of (?:the |The )?Project Gutenberg(?:['’]s| E-?Book)?[^\n]*$/gim;

/** The header and licence are near the edges: in the first and last part of a text, in characters or as a share of it, whichever is larger. */
const edge = { characters: 40_000, share: 0.3 } as const;

/** Removes Project Gutenberg's header and licence. Copies in the middle of a text, for example in a collection, stay. */
export function removeGutenbergFrame(text: string): Cleaned {
  const reach = Math.max(edge.characters, text.length * edge.share);
  const heads = Array.from(text.slice(0, reach).matchAll(start));
  const head = heads.at(-1);
  const from = head === undefined ? 0 : head.index + head[0].length;
  const tailFrom = Math.max(from, text.length - reach);
  const tail = Array.from(text.slice(tailFrom).matchAll(end))[0];
  const to = tail === undefined ? text.length : tailFrom + tail.index;
  if (head === undefined && tail === undefined) return unchanged(text);
  const examples: CleaningExample[] = [];
  if (head !== undefined) examples.push({ before: text.slice(0, from), after: '', at: 0 });
  if (tail !== undefined) examples.push({ before: text.slice(to), after: '', at: to });
  const book = text.slice(from, to).replace(/^\s*\n/, '');
  return {
    text: tail === undefined ? book : `${book.trimEnd()}\n`,
    count: examples.length,
    examples: examples.map((example) => ({ ...example, before: shortened(example.before) })),
  };
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 100)} … ${text.slice(-90)}`;
}
