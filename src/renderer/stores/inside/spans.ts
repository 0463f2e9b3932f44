/** Positions `start` up to but not including `end`; lists of them ascend and do not touch. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span that holds a position; null outside. */
export function spanAt(spans: readonly Span[], position: number): Span | null {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  const found = spans[low];
  return found !== undefined && found.start <= position ? found : null;
}

/** The spans with one added: those that it touches are merged with it. */
export function withSpan(spans: readonly Span[], added: Span): readonly Span[] {
  if (added.end <= added.start) return spans;
  const apart = spans.filter(({ start, end }) => end < added.start || start > added.end);
  const touched = spans.filter(({ start, end }) => end >= added.start && start <= added.end);
  const merged = {
    start: Math.min(added.start, ...touched.map(({ start }) => start)),
    end: Math.max(added.end, ...touched.map(({ end }) => end)),
  };
  return [...apart, merged].toSorted((a, b) => a.start - b.start);
}

/** Number of symbols in all of them. */
export function spanned(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The spans where a column is 1. */
export function spansOf(labels: ArrayLike<number>): readonly Span[] {
  const spans: Span[] = [];
  let start = -1;
  for (let position = 0; position <= labels.length; position++) {
    const holds = labels[position] === 1;
    if (holds && start === -1) start = position;
    if (holds || start === -1) continue;
    spans.push({ start, end: position });
    start = -1;
  }
  return spans;
}

/** The parts of spans that are between two positions. */
export function spansWithin(spans: readonly Span[], from: number, to: number): readonly Span[] {
  return spans
    .filter(({ start, end }) => end > from && start < to)
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }));
}
