import { formatSymbol } from '../../../shared/format/symbols.ts';
import type { TextReport } from '../../../shared/ipc/schemas/text.ts';

type Symbol = TextReport['vocabulary'][number];

/** A symbol that occurs fewer times is hardly learned. */
export const rareBelow = 10;

export type SymbolOrder = 'frequent' | 'rare' | 'code';

/** In the order that somebody looks through them. */
export function sorted(symbols: readonly Symbol[], order: SymbolOrder): readonly Symbol[] {
  switch (order) {
    case 'frequent':
      return symbols.toSorted((a, b) => b.count - a.count || a.code - b.code);
    case 'rare':
      return symbols.toSorted((a, b) => a.count - b.count || a.code - b.code);
    case 'code':
      return symbols;
  }
}

/** Those that a search means: any of the letters typed, or a code such as U+00E9. */
export function matching(symbols: readonly Symbol[], search: string): readonly Symbol[] {
  if (search === '') return symbols;
  const code = /^u\+([0-9a-f]{1,6})$/i.exec(search.trim())?.[1];
  const wanted = new Set(
    code === undefined
      ? Array.from(search, (symbol) => symbol.codePointAt(0) ?? -1)
      : [Number.parseInt(code, 16)],
  );
  return symbols.filter((symbol) => wanted.has(symbol.code));
}

/** As it can be shown in a table. */
export function symbolName(code: number): string {
  return formatSymbol(String.fromCodePoint(code));
}
