import type { ChunkCounts, PlanFix, PlanInput } from './plan-types.ts';
import { leavesTest, splitChunks } from './split.ts';

/** Maximum share of the text that a fix assigns to validation; beyond it training loses more than the measurement gains. */
const largestShare = 0.2;

/**
 * The smallest validation fraction (in hundredths, at most a fifth) that leaves `wantedSymbols` for validation, taken from training; a fifth if even
 * that is not enough; null if it would leave no more than now, or nothing to train on.
 */
export function thinValidationFix(
  input: PlanInput,
  chunks: ChunkCounts,
  wantedSymbols: number,
): PlanFix | null {
  const area = input.batchSize * input.sequenceLength;
  let best: PlanFix | null = null;
  let bestChunks = chunks.validation;
  for (let hundredths = 1; hundredths <= largestShare * 100; hundredths += 1) {
    const fractions = withValidation(input, hundredths / 100);
    const { train, validation } = splitChunks(
      chunks.total,
      fractions.trainFraction,
      fractions.validationFraction,
    );
    if (train === 0 || validation <= bestChunks) continue;
    best = fractions;
    bestChunks = validation;
    if (validation * area >= wantedSymbols) break;
  }
  return best;
}

/** Grows validation at the cost of training; a test split keeps its share. */
function withValidation(input: PlanInput, validationFraction: number) {
  const { trainFraction: train, validationFraction: validation } = input;
  const test = leavesTest(train, validation) ? 1 - (train + validation) : 0;
  const trainFraction = Math.max(0, Math.round((1 - test - validationFraction) * 100) / 100);
  return { trainFraction, validationFraction };
}
