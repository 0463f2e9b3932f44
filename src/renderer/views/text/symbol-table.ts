import { formatSymbol } from '../../../shared/format/symbols.ts';
import { turned, type Direction } from '../../components/sorting.ts';
import type { TextReport } from '../../../shared/domain/text.ts';

type Symbol = TextReport['vocabulary'][number];

/** A symbol that occurs fewer times is hardly learned. */
export const rareBelow = 10;

export const symbolColumns = [
  { key: 'code', title: 'Symbol' },
  { key: 'count', title: 'Count' },
  { key: 'firstLine', title: 'First in line' },
] as const;
type SymbolKey = (typeof symbolColumns)[number]['key'];

export interface SymbolSorting {
  readonly key: SymbolKey;
  readonly direction: Direction;
}

export const mostFrequentFirst: SymbolSorting = { key: 'count', direction: 'descending' };

/** A second press reverses the direction; counts start with the largest. */
export function pressed(sorting: SymbolSorting, key: SymbolKey): SymbolSorting {
  if (sorting.key === key) return { key, direction: turned(sorting.direction) };
  return { key, direction: key === 'count' ? 'descending' : 'ascending' };
}

/** Of equals, the one with the lower code is first. */
export function sorted(symbols: readonly Symbol[], { key, direction }: SymbolSorting): readonly Symbol[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return symbols.toSorted((a, b) => (a[key] - b[key]) * sign || a.code - b.code);
}

/** Those that match a search: any of the characters typed, or a code such as U+00E9. */
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

/** A symbol as it can be shown in a table. */
export function symbolName(code: number): string {
  return formatSymbol(String.fromCodePoint(code));
}
