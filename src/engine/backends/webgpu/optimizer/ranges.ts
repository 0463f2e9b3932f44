import type { ParameterLayout, ParameterPlace } from '../layout.ts';

/** Vectors of four floats [first, end) of the array of all parameters. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** The ranges of the parameters of a kind, with neighbours merged. */
export function rangesOf(
  layout: ParameterLayout,
  isMeant: (place: ParameterPlace) => boolean,
): readonly Range[] {
  const ranges: Range[] = [];
  for (const place of layout.places) {
    if (!isMeant(place)) continue;
    const [first, end] = [place.offset / 4, (place.offset + place.floats) / 4];
    const before = ranges.at(-1);
    if (before?.end === first) ranges[ranges.length - 1] = { first: before.first, end };
    else ranges.push({ first, end });
  }
  return ranges;
}

/** A WGSL condition: whether `index` is in one of the ranges. */
export function within(index: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return 'false';
  return ranges.map(({ first, end }) => `(${index} >= ${first}u && ${index} < ${end}u)`).join(' || ');
}
