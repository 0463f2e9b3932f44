/** Minimum number of symbols between two reported places. */
const apart = 40;

/** Interesting places: where a property starts, or, without a property, where a unit changes most from one symbol to the next; in order. */
export function interestingPlaces(
  levels: Uint8Array,
  labels: Float32Array | null,
  count: number,
): readonly number[] {
  const strengths = labels === null ? changes(levels) : beginnings(labels);
  const order = [...strengths.keys()].filter((place) => (strengths[place] ?? 0) > 0);
  order.sort((a, b) => (strengths[b] ?? 0) - (strengths[a] ?? 0) || a - b);
  const taken = new Set<number>();
  const found: number[] = [];
  for (const place of order) {
    if (found.length === count) break;
    const slot = Math.floor(place / apart);
    if (taken.has(slot)) continue;
    taken.add(slot);
    found.push(place);
  }
  return found.toSorted((a, b) => a - b);
}

function changes(levels: Uint8Array): Float32Array {
  return Float32Array.from(levels, (level, place) =>
    place === 0 ? 0 : Math.abs(level - (levels[place - 1] ?? level)),
  );
}

function beginnings(labels: Float32Array): Float32Array {
  return labels.map((label, place) => (label > 0 && (labels[place - 1] ?? 0) === 0 ? 1 : 0));
}
