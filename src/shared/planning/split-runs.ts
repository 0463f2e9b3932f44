import type { ChunkPlan } from './plan-types.ts';

/** Consecutive positions that belong to one split. */
export interface SplitRun {
  readonly split: 'train' | 'validation' | 'test';
  readonly length: number;
}

/** The part that starts at `position` of the text: the rest of its stream's train, validation or test columns. */
export function runAt(plan: ChunkPlan, position: number): SplitRun {
  const { train, validation, total } = plan.chunks;
  const { sequenceLength } = plan.input;
  const column = position % (total * sequenceLength);
  const trainEnd = train * sequenceLength;
  const validationEnd = trainEnd + validation * sequenceLength;
  if (column < trainEnd) return { split: 'train', length: trainEnd - column };
  if (column < validationEnd) return { split: 'validation', length: validationEnd - column };
  return { split: 'test', length: total * sequenceLength - column };
}
