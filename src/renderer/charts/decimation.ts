import { lowerBound } from './search.ts';

export interface ChartPoint {
  readonly x: number;
  /** NaN breaks the line. */
  readonly y: number;
}

/**
 * What a screen can show of a curve between two values of x: the lowest and the highest point of every column of pixels, in order, so that
 * no spike is lost however many points there are. One point beyond either edge is included, so that lines run to the edge. x ascends.
 */
export function decimate(
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  columns: number,
): ChartPoint[] {
  const start = Math.max(0, lowerBound(x, from) - 1);
  const end = Math.min(x.length, upperBound(x, to) + 1);
  if (end - start <= 2 * columns || !(to > from)) return slice(x, y, start, end);
  const points: ChartPoint[] = [];
  const width = (to - from) / columns;
  let index = start;
  while (index < end) {
    const column = columnOf(x, index, from, width);
    const first = index;
    while (index < end && columnOf(x, index, from, width) === column) index++;
    addColumn(points, x, y, first, index);
  }
  return points;
}

function columnOf(x: Float64Array, index: number, from: number, width: number): number {
  return Math.floor(((x[index] ?? 0) - from) / width);
}

function addColumn(points: ChartPoint[], x: Float64Array, y: Float64Array, first: number, end: number): void {
  let lowest = -1;
  let highest = -1;
  for (let index = first; index < end; index++) {
    const value = y[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (lowest < 0 || value < (y[lowest] ?? 0)) lowest = index;
    if (highest < 0 || value > (y[highest] ?? 0)) highest = index;
  }
  if (lowest < 0) points.push({ x: x[first] ?? 0, y: Number.NaN });
  else if (lowest === highest) points.push(pointAt(x, y, lowest));
  else {
    points.push(pointAt(x, y, Math.min(lowest, highest)), pointAt(x, y, Math.max(lowest, highest)));
  }
}

function slice(x: Float64Array, y: Float64Array, start: number, end: number): ChartPoint[] {
  const points: ChartPoint[] = [];
  for (let index = start; index < end; index++) points.push(pointAt(x, y, index));
  return points;
}

function pointAt(x: Float64Array, y: Float64Array, index: number): ChartPoint {
  return { x: x[index] ?? 0, y: y[index] ?? Number.NaN };
}

/** The first index whose value is above `target`. */
function upperBound(values: Float64Array, target: number): number {
  let index = lowerBound(values, target);
  while (index < values.length && values[index] === target) index++;
  return index;
}
