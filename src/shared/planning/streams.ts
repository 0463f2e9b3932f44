import type { ChunkPlan } from './plan-types.ts';
import { runAt } from './split-runs.ts';

/** Where a position of the text belongs: to a split, or to the dropped tail. */
export type Place = 'train' | 'validation' | 'test' | 'dropped';

/** Consecutive positions that belong to the same place. */
export interface Stretch {
  readonly place: Place;
  readonly start: number;
  /** Up to but not including. */
  readonly end: number;
}

/** Symbols that are kept: all but the tail. */
export function keptSymbols(plan: ChunkPlan): number {
  return plan.input.characters - plan.dropped;
}

/** The split that contains a position of the text; positions run from 0 to N - 1. */
export function stretchAt(plan: ChunkPlan, position: number): Stretch {
  const kept = keptSymbols(plan);
  if (position >= kept) return { place: 'dropped', start: kept, end: plan.input.characters };
  const { split, length } = runAt(plan, position);
  return { place: split, start: position - behind(plan, position, split), end: position + length };
}

/** How far back the same split extends in this stream. */
function behind(plan: ChunkPlan, position: number, split: Place): number {
  const { train, validation, total } = plan.chunks;
  const { sequenceLength } = plan.input;
  const column = position % (total * sequenceLength);
  const begin = { train: 0, validation: train, test: train + validation, dropped: 0 }[split];
  return column - begin * sequenceLength;
}

/** The stretches that cover `start` up to but not including `end`, cut to it, in order. */
export function stretchesBetween(plan: ChunkPlan, start: number, end: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let position = start; position < Math.min(end, plan.input.characters);) {
    const stretch = stretchAt(plan, position);
    const until = Math.min(stretch.end, end);
    stretches.push({ place: stretch.place, start: position, end: until });
    position = until;
  }
  return stretches;
}

/** Number of symbols in each of the B streams of the kept text; 0 if there is no chunk. */
export function streamLength(plan: ChunkPlan): number {
  return plan.chunks.total * plan.input.sequenceLength;
}

/** The stream that contains a position, from 0; null in the dropped tail. */
export function streamOf(plan: ChunkPlan, position: number): number | null {
  return position >= keptSymbols(plan) ? null : Math.floor(position / streamLength(plan));
}
