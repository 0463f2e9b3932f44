import { formatCount, formatShare } from '../../../shared/format/numbers.ts';
import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { stretchAt, streamOf, type Place } from '../../../shared/planning/streams.ts';

/** What a place of the text is for, as its label. */
export const placeWords: Readonly<Record<Place, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
  dropped: 'dropped',
};

/** "training text, stream 3 of 50, 4 % of the way through": what a position means. */
export function placeInWords(plan: ChunkPlan, position: number): string {
  const { characters, batchSize } = plan.input;
  const { place } = stretchAt(plan, position);
  const stream = streamOf(plan, position);
  const through = `${formatShare(position / Math.max(1, characters))} of the way through`;
  if (stream === null) return `not used, ${through}`;
  return `${placeWords[place]} text, stream ${formatCount(stream + 1)} of ${formatCount(batchSize)}, ${through}`;
}
