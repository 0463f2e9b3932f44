export interface Range {
  readonly min: number;
  readonly max: number;
}

/** From the first to the last x of all curves (x ascends); a little around a single value; null when there is none. */
export function extent(columns: readonly Float64Array[]): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const column of columns) {
    if (column.length === 0) continue;
    min = Math.min(min, column[0] ?? Infinity);
    max = Math.max(max, column[column.length - 1] ?? -Infinity);
  }
  if (min > max) return null;
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

/** A part of the view, `factor` times as wide, about the same middle; never beyond `whole`. */
export function zoomed(view: Range, whole: Range, factor: number): Range {
  const width = Math.min(whole.max - whole.min, (view.max - view.min) * factor);
  const middle = (view.min + view.max) / 2;
  return within({ min: middle - width / 2, max: middle + width / 2 }, whole);
}

/** The view moved by a share of its width. */
export function moved(view: Range, whole: Range, share: number): Range {
  const by = (view.max - view.min) * share;
  return within({ min: view.min + by, max: view.max + by }, whole);
}

/** The view pushed back inside the whole, at the same width if that fits. */
export function within(view: Range, whole: Range): Range {
  const width = Math.min(view.max - view.min, whole.max - whole.min);
  const min = Math.min(Math.max(view.min, whole.min), whole.max - width);
  return { min, max: min + width };
}
