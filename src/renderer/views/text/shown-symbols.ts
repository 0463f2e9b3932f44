/** A piece of a text for display: invisible characters get a picture or their number. */
export function shownSymbols(text: string): string {
  return text
    .replace(/[^\S\n]+(?=\n|$)/g, (spaces) => '·'.repeat(spaces.length))
    .replace(/[\p{Cc}\p{Cf}\u00a0]/gu, (symbol) => pictures[symbol] ?? numbered(symbol));
}

const pictures: Readonly<Record<string, string>> = { '\n': '↵', '\t': '⇥', '\r': '␍' };

function numbered(symbol: string): string {
  return `[U+${(symbol.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
