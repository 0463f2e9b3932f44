import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { keptSymbols, streamLength, streamOf } from '../../../shared/planning/streams.ts';

/** A point of the picture: row of a stream (fractions for the dropped tail below them all), share of the way along it. */
export interface PicturePoint {
  readonly row: number;
  readonly along: number;
}

/** The position of a symbol in the picture with one row per stream. */
export function pointOf(plan: ChunkPlan, position: number): PicturePoint {
  const stream = streamOf(plan, position);
  const length = streamLength(plan);
  if (stream === null) {
    return { row: rowsOf(plan), along: (position - keptSymbols(plan)) / Math.max(1, plan.dropped) };
  }
  return { row: stream, along: (position % length) / length };
}

/** The position that a point of the picture means; the rows are the streams, 0 and 1 their two ends. */
export function positionAt(plan: ChunkPlan, { row, along }: PicturePoint): number {
  const length = streamLength(plan);
  const stream = Math.min(rowsOf(plan) - 1, Math.max(0, Math.floor(row)));
  const column = Math.min(length - 1, Math.max(0, Math.floor(along * length)));
  return Math.max(0, Math.min(plan.input.characters - 1, stream * length + column));
}

/** One row for each stream; none when there is no chunk. */
export function rowsOf(plan: ChunkPlan): number {
  return plan.chunks.total === 0 ? 0 : plan.input.batchSize;
}
