/** Traces that programs leave in texts, one after another: what stands there is not what the author wrote. */
export type DirtKind = 'garbled-letters' | 'escapes';

export interface Dirt {
  readonly count: number;
  readonly examples: readonly { readonly line: number; readonly text: string }[];
}

const most = 5;
const [ampersand, backslash] = [38, 92];
const escapes = /^(?:&(?:[a-z]{2,8}|#\d{2,6}|#x[\da-f]{2,6});|\\u[\da-f]{4}|\\x[\da-f]{2})/i;
/** What windows-1252 makes of the bytes that follow a first one in UTF-8. */
const following = new Set(
  Array.from('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ', (character) => character.charCodeAt(0)).concat(
    Array.from({ length: 0x40 }, (_, index) => 0x80 + index),
  ),
);

/** Looks for UTF-8 that was read as windows-1252 ("Itâ€™s") and for escapes of HTML and JSON ("&eacute;", "\u00e9") while a text goes past. */
export class DirtFinder {
  readonly #found: Record<DirtKind, { count: number; examples: { line: number; text: string }[] }> = {
    'garbled-letters': { count: 0, examples: [] },
    escapes: { count: 0, examples: [] },
  };

  /** @param lineAt the line that a place of this block is in; asked for the few examples only */
  add(codes: Uint32Array, lineAt: (at: number) => number): void {
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? 0;
      if (code === ampersand || code === backslash) at += this.#escape(codes, at, lineAt);
      else if (code >= 0xc2 && code <= 0xf4) at += this.#garbled(codes, at, lineAt);
    }
  }

  finish(): Readonly<Record<DirtKind, Dirt>> {
    return this.#found;
  }

  #escape(codes: Uint32Array, at: number, lineAt: (at: number) => number): number {
    const found = escapes.exec(String.fromCodePoint(...codes.subarray(at, at + 12)))?.[0];
    if (found === undefined) return 0;
    this.#note('escapes', found, () => lineAt(at));
    return found.length - 1;
  }

  /** The first byte tells how many follow; all of them must be such. */
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
