/** Traces that programs leave in texts: the author did not write what is there. */
export type DirtKind = 'garbled-letters' | 'escapes';

export interface Dirt {
  readonly count: number;
  readonly examples: readonly { readonly line: number; readonly text: string }[];
}

const most = 5;
/** Symbols of the longest trace. */
const longest = 12;
const [ampersand, backslash] = [38, 92];
const isEscapeSign = (code: number): boolean => code === ampersand || code === backslash;
/** The first byte of a multi-byte UTF-8 character, as windows-1252 reads it. */
const isFirstByte = (code: number): boolean => code >= 0xc2 && code <= 0xf4;
const mayBegin = (code: number): boolean => isEscapeSign(code) || isFirstByte(code);
const escapes = /^(?:&(?:[a-z]{2,8}|#\d{2,6}|#x[\da-f]{2,6});|\\u[\da-f]{4}|\\x[\da-f]{2})/i;
/** The continuation bytes of UTF-8, as windows-1252 reads them. */
const following = new Set(
  Array.from('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ', (character) => character.charCodeAt(0)).concat(
    Array.from({ length: 0x40 }, (_, index) => 0x80 + index),
  ),
);

/** Looks for UTF-8 that was read as windows-1252 ("Itâ€™s") and for escapes of HTML and JSON ("&eacute;", "\u00e9") while a text is streamed. */
export class DirtFinder {
  readonly #found: Record<DirtKind, { count: number; examples: { line: number; text: string }[] }> = {
    'garbled-letters': { count: 0, examples: [] },
    escapes: { count: 0, examples: [] },
  };

  /** The start of something that may continue in the next block, and the line of each position where something may start. */
  #carried: { readonly codes: Uint32Array; readonly lines: readonly number[] } = {
    codes: new Uint32Array(0),
    lines: [],
  };

  /** @param lineAt the line of a position in this block; called for the few examples, and for what may continue in the next block */
  add(codes: Uint32Array, lineAt: (at: number) => number): void {
    const { codes: before, lines } = this.#carried;
    const all = new Uint32Array(before.length + codes.length);
    all.set(before);
    all.set(codes, before.length);
    const line = (at: number): number => (at < before.length ? (lines[at] ?? 0) : lineAt(at - before.length));
    const from = this.#search(all, all.length - longest, line);
    const rest = all.slice(from);
    this.#carried = {
      codes: rest,
      lines: Array.from(rest, (code, at) => (mayBegin(code) ? line(from + at) : 0)),
    };
  }

  finish(): Readonly<Record<DirtKind, Dirt>> {
    const { codes, lines } = this.#carried;
    this.#search(codes, codes.length, (at) => lines[at] ?? 0);
    this.#carried = { codes: new Uint32Array(0), lines: [] };
    return this.#found;
  }

  /** Checks everything that starts before `end`; returns the first unchecked position. */
  #search(codes: Uint32Array, end: number, lineAt: (at: number) => number): number {
    let at = 0;
    while (at < end) {
      const code = codes[at] ?? 0;
      if (isEscapeSign(code)) at += this.#escape(codes, at, lineAt);
      else if (isFirstByte(code)) at += this.#garbled(codes, at, lineAt);
      at += 1;
    }
    return at;
  }

  #escape(codes: Uint32Array, at: number, lineAt: (at: number) => number): number {
    const found = escapes.exec(String.fromCodePoint(...codes.subarray(at, at + longest)))?.[0];
    if (found === undefined) return 0;
    this.#note('escapes', found, () => lineAt(at));
    return found.length - 1;
  }

  /** The first byte gives the number of continuation bytes; all of them must be valid. */
  #garbled(codes: Uint32Array, at: number, lineAt: (at: number) => number): number {
    const first = codes[at] ?? 0;
    const length = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    for (let next = at + 1; next <= at + length; next += 1) if (!following.has(codes[next] ?? 0)) return 0;
    this.#note('garbled-letters', String.fromCodePoint(...codes.subarray(at, at + length + 1)), () =>
      lineAt(at),
    );
    return length;
  }

  #note(kind: DirtKind, text: string, line: () => number): void {
    const found = this.#found[kind];
    found.count += 1;
    if (found.examples.length < most) found.examples.push({ line: line(), text });
  }
}
