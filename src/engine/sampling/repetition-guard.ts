import { renormalise } from './draw.ts';

/** Number of symbols that the guard looks back over, including the opening words. */
export const guardedSymbols = 1000;

/**
 * How many passages each symbol would repeat: `length` symbols, including the next one, that already occur in `read`. Passages may overlap.
 * @param read the preceding symbols, oldest first; only the last `guardedSymbols` count
 * @param length of a passage in symbols, 1 or more
 * @returns counts by symbol; symbols that would repeat nothing are absent
 */
export function repetitions(read: readonly number[], length: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const context = length - 1;
  const ending = read.length - context;
  for (let at = Math.max(0, read.length - guardedSymbols); at + context < read.length; at++) {
    let same = 0;
    while (same < context && read[at + same] === read[ending + same]) same++;
    const next = read[at + context];
    if (same < context || next === undefined) continue;
    counts.set(next, (counts.get(next) ?? 0) + 1);
  }
  return counts;
}

/**
 * Divides the probability of each symbol by `factor` for every passage that it would repeat, and renormalises. Impossible symbols stay impossible,
 * and at least one symbol stays possible.
 * @param factor 1 or more; 1 changes nothing
 */
export function makeRepetitionsUnlikely(
  values: Float64Array,
  counts: ReadonlyMap<number, number>,
  factor: number,
): void {
  if (factor <= 1 || counts.size === 0) return;
  // A power of the factor may overflow a double: the smallest exponent of a possible symbol is factored out first.
  const possible = Array.from(values.keys()).filter((index) => (values[index] ?? 0) > 0);
  const fewest = possible.reduce((least, index) => Math.min(least, counts.get(index) ?? 0), Infinity);
  for (const index of possible) {
    values[index] = (values[index] ?? 0) / factor ** ((counts.get(index) ?? 0) - fewest);
  }
  renormalise(values);
}
