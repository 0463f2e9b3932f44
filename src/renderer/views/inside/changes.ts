/** How a count has changed, beyond the differences between two texts that are due to chance. */
export type Change = 'more' | 'fewer' | 'unclear';

/** Standard deviations from which a difference of two counts is not due to chance: with a dozen rows, one in thirty such tables has a false one. */
const clear = 3;

/**
 * Compares how often something occurred in two texts.
 * @param perThousand occurrences per 1,000 symbols of each text
 * @param symbols number of symbols of each text
 */
export function changeOf(
  perThousand: { readonly untouched: number; readonly held: number },
  symbols: number,
): Change {
  const untouched = (perThousand.untouched * symbols) / 1000;
  const held = (perThousand.held * symbols) / 1000;
  const sum = untouched + held;
  if (sum === 0 || Math.abs(held - untouched) < clear * Math.sqrt(sum)) return 'unclear';
  return held > untouched ? 'more' : 'fewer';
}

/** "3.5 times as many", "a fifth": the ratio as text. */
export function timesWords({
  untouched,
  held,
}: {
  readonly untouched: number;
  readonly held: number;
}): string {
  if (untouched === 0) return held === 0 ? 'none in both' : 'none before';
  if (held === 0) return 'none now';
  return `${Number((held / untouched).toPrecision(2))} times as many`;
}
