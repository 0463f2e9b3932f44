import type { PdfLine } from './lines.ts';

const hyphenEnd = /(\p{L}+)[-\u2010\u00ad]$/u;
const words = /\p{L}+(?:-\p{L}+)*/gu;

/** How two lines are joined: with nothing, with a space, or without the hyphen at the end of the first. */
export type Junction = 'space' | 'nothing' | 'drop-hyphen' | 'keep-hyphen';

/** Decides about hyphens at line ends from the words in the rest of the text: "charac-ter" is one word if "character" occurs elsewhere. */
export class Hyphenation {
  readonly #known: ReadonlySet<string>;

  constructor(lines: readonly PdfLine[]) {
    this.#known = knownWords(lines);
  }

  /**
   * @param before the paragraph so far, or its end
   * @param next the line that follows
   */
  junction(before: string, next: string): Junction {
    const head = hyphenEnd.exec(before)?.[1]?.toLowerCase();
    const tail = /^\p{Ll}\p{L}*/u.exec(next)?.[0].toLowerCase();
    if (head !== undefined && tail !== undefined) {
      return this.#belongsThere(before, head, tail) ? 'keep-hyphen' : 'drop-hyphen';
    }
    // Dashes have no spaces around them, nor do Chinese and Japanese.
    return /[\u2014\u2013-]$|[\u3000-\u9fff\uff00-\uffef]$/.test(before) ? 'nothing' : 'space';
  }

  #belongsThere(before: string, head: string, tail: string): boolean {
    if (this.#known.has(head + tail)) return false;
    const isPartOfCompound = /[\p{L}-]+$/u.exec(before.slice(0, -1))?.[0].includes('-') === true;
    return (
      this.#known.has(`${head}-${tail}`) ||
      isPartOfCompound ||
      (head.length > 2 && tail.length > 2 && this.#known.has(head) && this.#known.has(tail))
    );
  }
}

/** The complete words of the lines: parts cut off by a line end prove nothing. */
function knownWords(lines: readonly PdfLine[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const [index, { text }] of lines.entries()) {
    const found = text.toLowerCase().match(words) ?? [];
    const from = lines[index - 1]?.text.endsWith('-') === true ? 1 : 0;
    const to = found.length - (text.endsWith('-') ? 1 : 0);
    for (const word of found.slice(from, Math.max(from, to))) known.add(word);
  }
  return known;
}
