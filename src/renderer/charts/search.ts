/** The first index whose value is `target` or more in ascending values; the length when there is none. */
export function lowerBound(values: ArrayLike<number>, target: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the value nearest to `target` in ascending values; -1 when there is none. */
export function nearestIndex(values: ArrayLike<number>, target: number): number {
  const after = lowerBound(values, target);
  if (after === 0) return values.length === 0 ? -1 : 0;
  if (after === values.length) return after - 1;
  const before = after - 1;
  return target - (values[before] ?? 0) <= (values[after] ?? 0) - target ? before : after;
}
