import type { TextReport } from '../../../shared/domain/text.ts';
import { describeSymbol } from '../../../shared/format/symbols.ts';
import type { SymbolFit } from './symbol-fit.svelte.ts';

/** A symbol of the text that the model lacks, and what becomes of it. */
export interface UnknownSymbol {
  readonly character: string;
  readonly count: number;
  /** new: the model learns it. Otherwise its replacement: null if it is left out, '' if leaving it out loses nothing. */
  readonly becomes: { readonly kind: 'new' } | { readonly kind: 'read-as'; readonly text: string | null };
}

/** The symbols that a model does not know, the most frequent first, with the chosen treatment; as if they were kept until a choice is made. */
export function unknownSymbols(
  { choice, kept, mismatch }: Pick<SymbolFit, 'choice' | 'kept' | 'mismatch'>,
  counts: TextReport['vocabulary'],
): readonly UnknownSymbol[] {
  if (choice !== 'widen') {
    return (kept?.unknown ?? []).map(({ character, count, replacement: text }) => ({
      ...{ character, count },
      becomes: { kind: 'read-as', text },
    }));
  }
  const unknown = new Set(mismatch?.unknown);
  return counts
    .map(({ code, count }) => ({ character: String.fromCodePoint(code), count }))
    .filter(({ character }) => unknown.has(character))
    .toSorted((a, b) => b.count - a.count)
    .map((symbol) => ({ ...symbol, becomes: { kind: 'new' } }));
}

/** What happens to a symbol, as text. */
export function becomes({ becomes: fate }: UnknownSymbol): string {
  if (fate.kind === 'new') return 'a new symbol';
  if (fate.text === null) return 'left out';
  return fate.text === '' ? 'left out; the text loses nothing' : `read as ${describeSymbol(fate.text)}`;
}
