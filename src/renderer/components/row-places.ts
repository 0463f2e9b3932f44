/** Positions of rows of different heights, one below the other; a height that has not been measured is estimated. */
export interface RowPlaces {
  readonly count: number;
  /** In pixels. */
  readonly heightOf: (index: number) => number;
}

/** An entry of a long drawn list: a row, or the space of rows that are not visible. */
export type RowPart =
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'gap'; readonly before: number; readonly height: number };

/** Pixels above and below the visible part that are drawn too: the keyboard finds the next row there. */
const overscan = 600;

/**
 * The rows between two heights of the list, a margin around them, and the pinned ones; everything else is space.
 * @param sight top and bottom of the visible part, in pixels below the first row's top
 * @param pinned rows that must be drawn wherever they are: the one with the keyboard focus
 */
export function partsInSight(
  { count, heightOf }: RowPlaces,
  sight: { readonly top: number; readonly bottom: number },
  pinned: readonly number[],
): readonly RowPart[] {
  const parts: RowPart[] = [];
  let gap = 0;
  let top = 0;
  for (let index = 0; index < count; index++) {
    const height = heightOf(index);
    const isNear = top + height >= sight.top - overscan && top <= sight.bottom + overscan;
    top += height;
    if (!isNear && !pinned.includes(index)) {
      gap += height;
      continue;
    }
    if (gap > 0) parts.push({ kind: 'gap', before: index, height: gap });
    gap = 0;
    parts.push({ kind: 'row', index });
  }
  if (gap > 0) parts.push({ kind: 'gap', before: count, height: gap });
  return parts;
}

/** Heights of rows as they have been measured, by their keys. */
export class RowHeights {
  readonly #known = new Map<string, number>();

  get(key: string): number | undefined {
    return this.#known.get(key);
  }

  /** Stores a measured height. Returns whether it has changed. */
  learn(key: string, height: number): boolean {
    if (height === 0 || Math.abs(height - (this.#known.get(key) ?? 0)) < 0.5) return false;
    this.#known.set(key, height);
    return true;
  }
}
