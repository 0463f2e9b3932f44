import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { keptSymbols, stripeLength, stripeOf } from '../../../shared/planning/stripes.ts';

/** A point of the picture: row of a stripe (fractions for the dropped tail below them all), share of the way along it. */
export interface PicturePoint {
  readonly row: number;
  readonly along: number;
}

/** Where a position lies in the picture that has one row for each stripe. */
export function pointOf(plan: ChunkPlan, position: number): PicturePoint {
  const stripe = stripeOf(plan, position);
  const length = stripeLength(plan);
  if (stripe === null) {
    return { row: rowsOf(plan), along: (position - keptSymbols(plan)) / Math.max(1, plan.dropped) };
  }
  return { row: stripe, along: (position % length) / length };
}

/** The position that a point of the picture means; the rows are the stripes, 0 and 1 their two ends. */
export function positionAt(plan: ChunkPlan, { row, along }: PicturePoint): number {
  const length = stripeLength(plan);
  const stripe = Math.min(rowsOf(plan) - 1, Math.max(0, Math.floor(row)));
  const column = Math.min(length - 1, Math.max(0, Math.floor(along * length)));
  return Math.max(0, Math.min(plan.input.characters - 1, stripe * length + column));
}

/** One row for each stripe; none when there is no chunk. */
export function rowsOf(plan: ChunkPlan): number {
  return plan.chunks.total === 0 ? 0 : plan.input.batchSize;
}
