/** One axis of parallel coordinates: values as places from 0, its bottom, to 1. */
export interface ParallelAxis {
  readonly key: string;
  readonly title: string;
  readonly ticks: readonly AxisTick[];
  /** Null for what has no place on it. */
  readonly placeOf: (value: unknown) => number | null;
  /** What is at a place, in words. */
  readonly describe: (place: number) => string;
}

interface AxisTick {
  readonly place: number;
  readonly label: string;
}

/** The part of an axis that is let through. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** A value at the very edge of a brush is in it. */
const edge = 1e-9;

interface NumberAxisOptions {
  readonly key: string;
  readonly title: string;
  readonly values: readonly number[];
  readonly isLogarithmic: boolean;
  readonly format: (value: number) => string;
  /** The top of the axis; values above it are shown at the top. */
  readonly maximum?: number;
}

/** An axis of numbers. */
export function numberAxis(options: NumberAxisOptions): ParallelAxis {
  const { key, title, values, isLogarithmic, format } = options;
  const least = Math.min(...values);
  const most = Math.min(options.maximum ?? Infinity, Math.max(...values));
  const [low, high] = isLogarithmic ? [Math.log(least), Math.log(most)] : [least, most];
  const span = high - low;
  const valueAt = (place: number): number =>
    isLogarithmic ? Math.exp(low + place * span) : low + place * span;
  const placeOf = (value: unknown): number | null => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return null;
    if (span <= 0) return 0.5;
    return Math.min(1, Math.max(0, ((isLogarithmic ? Math.log(value) : value) - low) / span));
  };
  const distinct = [...new Set(values)];
  // A few values are all named; of many, the ends and the quarters between them.
  const named = distinct.length <= 5 ? distinct : [0, 0.25, 0.5, 0.75, 1].map(valueAt);
  const ticks = span > 0 ? named : [least];
  return {
    key,
    title,
    placeOf,
    ticks: ticks.map((value) => ({ place: placeOf(value) ?? 0, label: format(value) })),
    describe: (place) => format(valueAt(place)),
  };
}

/** An axis of words, evenly spread in the order in which they are given. */
export function choiceAxis(
  key: string,
  title: string,
  choices: readonly { readonly value: unknown; readonly label: string }[],
): ParallelAxis {
  const placeAt = (index: number): number => (choices.length < 2 ? 0.5 : index / (choices.length - 1));
  const nearest = (place: number): number => Math.round(place * (choices.length - 1));
  return {
    key,
    title,
    ticks: choices.map(({ label }, index) => ({ place: placeAt(index), label })),
    placeOf: (value) => {
      const index = choices.findIndex((choice) => choice.value === value);
      return index < 0 ? null : placeAt(index);
    },
    describe: (place) => choices[nearest(place)]?.label ?? '',
  };
}

/** A top for an axis of losses: far above the median there are only runs that went wrong. */
export function lossCeiling(losses: readonly number[]): number {
  const sorted = losses.toSorted((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const middle = sorted[sorted.length >> 1] ?? least;
  return middle > least ? middle + 3 * (middle - least) : Infinity;
}

/** Whether a place is let through; with a brush, a missing place is not. */
export function isLetThrough(place: number | null, brush: Brush | undefined): boolean {
  if (brush === undefined) return true;
  return place !== null && place >= brush.from - edge && place <= brush.to + edge;
}

/** A brush between two places in any order; undefined where all is let through. */
export function brushBetween(a: number, b: number): Brush | undefined {
  const from = Math.max(0, Math.min(a, b));
  const to = Math.min(1, Math.max(a, b));
  return from <= 0 && to >= 1 ? undefined : { from, to };
}
