import { formatCount, formatShare } from '../../../shared/format/numbers.ts';
import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { stretchAt, stripeOf, type Place } from '../../../shared/planning/stripes.ts';

/** What a place of the text is for, as its label. */
export const placeWords: Readonly<Record<Place, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
  dropped: 'dropped',
};

/** "training text, stripe 3 of 50, 4 % of the way through": what a position means. */
export function placeInWords(plan: ChunkPlan, position: number): string {
  const { characters, batchSize } = plan.input;
  const { place } = stretchAt(plan, position);
  const stripe = stripeOf(plan, position);
  const through = `${formatShare(position / Math.max(1, characters))} of the way through`;
  if (stripe === null) return `dropped, read by no one, ${through}`;
  return `${placeWords[place]} text, stripe ${formatCount(stripe + 1)} of ${formatCount(batchSize)}, ${through}`;
}
