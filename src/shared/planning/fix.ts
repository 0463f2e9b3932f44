import type { PlanFix, PlanInput } from './plan-types.ts';
import { countChunks, splitChunks } from './split.ts';

/** B and S of a batch. */
export interface BatchShape {
  readonly batchSize: number;
  readonly sequenceLength: number;
}

/**
 * The largest batch (most symbols, B*S <= `area`) not above the chosen B and S whose proportions stay within a factor of two of the
 * chosen ones; of equals, the one nearest to them. Only when there is none that near does the bound widen. Null when the area is below 1.
 */
export function largestShape(chosen: BatchShape, area: number): BatchShape | null {
  if (area < 1) return null;
  const ratio = chosen.batchSize / chosen.sequenceLength;
  for (let stretch = 2; ; stretch *= 2) {
    const found = searchShape(chosen, area, ratio, stretch);
    if (found) return found;
  }
}

/** Tries every B that can fall within `stretch` of the ratio: at most B candidates, whatever the length of the text. */
function searchShape(
  chosen: BatchShape,
  area: number,
  ratio: number,
  stretch: number,
): BatchShape | undefined {
  const first = Math.max(1, Math.floor(Math.sqrt((area * ratio) / stretch) / 2));
  const last = Math.min(chosen.batchSize, Math.ceil(Math.sqrt(area * ratio * stretch)) + 1);
  let best: BatchShape | undefined;
  let bestArea = 0;
  let bestDistance = Infinity;
  for (let batchSize = first; batchSize <= last; batchSize += 1) {
    const longest = Math.floor((batchSize * stretch) / ratio);
    const sequenceLength = Math.min(chosen.sequenceLength, Math.floor(area / batchSize), longest);
    if (sequenceLength < 1) continue;
    const distance = Math.abs(Math.log2(batchSize / sequenceLength / ratio));
    if (distance > Math.log2(stretch)) continue;
    const covered = batchSize * sequenceLength;
    if (covered > bestArea || (covered === bestArea && distance < bestDistance)) {
      best = { batchSize, sequenceLength };
      bestArea = covered;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * B and S that give at least `wantedChunks` chunks with something to train and to validate on. When the text is too short for
 * that many, the smallest batch there is; null when no B and S gives both splits a chunk.
 */
export function fixShape(input: PlanInput, wantedChunks: number): PlanFix | null {
  const { trainFraction, validationFraction, characters } = input;
  const needed = chunksForBothSplits(trainFraction, validationFraction);
  if (needed === null || needed > characters) return null;
  const area = Math.floor(characters / Math.max(wantedChunks, needed));
  const shape = largestShape(input, area) ?? { batchSize: 1, sequenceLength: 1 };
  return hasBothSplits(input, shape) ? shape : null;
}

function hasBothSplits(input: PlanInput, shape: BatchShape): boolean {
  const total = countChunks(input.characters, shape.batchSize, shape.sequenceLength);
  const { train, validation } = splitChunks(total, input.trainFraction, input.validationFraction);
  return train > 0 && validation > 0;
}

/** The fewest chunks that give training and validation one each; null when the fractions never do (0, or training 1). */
export function chunksForBothSplits(trainFraction: number, validationFraction: number): number | null {
  const guesses = [1, 2, around(trainFraction), around(validationFraction), around(1 - trainFraction)].flat();
  const enough = guesses
    .filter((total) => Number.isSafeInteger(total) && total >= 1)
    .sort((a, b) => a - b)
    .find((total) => {
      const { train, validation } = splitChunks(total, trainFraction, validationFraction);
      return train > 0 && validation > 0;
    });
  return enough ?? null;
}

/** floor(n * f) first reaches 1 near n = 1/f; the neighbours cover the rounding of doubles. */
function around(fraction: number): number[] {
  const turn = Math.ceil(1 / fraction);
  return [turn - 1, turn, turn + 1];
}
