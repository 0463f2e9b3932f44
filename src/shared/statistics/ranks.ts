import { mean } from './averages.ts';

/** The rank of each value among all, from 1; equal values get the mean of their ranks. */
export function ranksOf(values: ArrayLike<number>): readonly number[] {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (const index of order.subarray(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation of two columns: Pearson's correlation of their ranks. From -1 (the larger one is, the smaller the other) to 1; null if a column has one value
 * only.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return correlation(ranksOf(a), ranksOf(b));
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [middleA, middleB] = [mean(a), mean(b)];
  let together = 0;
  let [spreadA, spreadB] = [0, 0];
  a.forEach((value, index) => {
    const left = value - middleA;
    const right = (b[index] ?? Number.NaN) - middleB;
    together += left * right;
    spreadA += left ** 2;
    spreadB += right ** 2;
  });
  const scale = Math.sqrt(spreadA * spreadB);
  return scale > 0 ? together / scale : null;
}

/**
 * The share of the variance of a column's ranks that is between groups, 0 to 1: eta squared from the H of Kruskal and Wallis ("Use of ranks in
 * one-criterion variance analysis", 1952), corrected for the share that so many groups would reach by chance (Tomczak and Tomczak, 2014). It uses
 * ranks so that a few failed runs do not dominate. Null with fewer than two groups, or no more values than groups.
 * @param groups the group of each value
 */
export function shareBetween(values: readonly number[], groups: readonly string[]): number | null {
  const names = [...new Set(groups)];
  if (names.length < 2 || values.length <= names.length) return null;
  const ranks = ranksOf(values);
  const middle = mean(ranks);
  const total = ranks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  if (total === 0) return null;
  const between = names.reduce((sum, name) => {
    const own = ranks.filter((_, index) => groups[index] === name);
    return sum + own.length * (mean(own) - middle) ** 2;
  }, 0);
  // H with its correction for ties is the share between groups, times one less than the number of values.
  const h = ((values.length - 1) * between) / total;
  return Math.max(0, (h - names.length + 1) / (values.length - names.length));
}

/** Values as groups of about equal size by rank; equal values are in one group. */
export function quantileGroups(values: readonly number[], count: number): readonly string[] {
  return ranksOf(values).map((rank) =>
    String(Math.min(count - 1, Math.floor(((rank - 0.5) / values.length) * count))),
  );
}
