import type { Curve } from './curve.ts';
import { nearestIndex } from './search.ts';

/** A curve's value at a position: at the point nearest to x, or its last one. */
export interface Reading {
  readonly x: number;
  readonly y: number;
}

export function readCurve(curve: Curve, x: number | null): Reading | null {
  const index = x === null ? lastNumber(curve.y) : nearestIndex(curve.x, x);
  if (index < 0) return null;
  return { x: curve.x[index] ?? 0, y: curve.y[index] ?? Number.NaN };
}

function lastNumber(values: Float64Array): number {
  let index = values.length - 1;
  while (index >= 0 && Number.isNaN(values[index])) index--;
  return index;
}
