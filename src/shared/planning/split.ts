import type { ChunkCounts } from './plan-types.ts';

/**
 * Divides `total` chunks into splits by char-rnn's rule. If the two fractions leave nothing for a test split (their sum is 1 or more), validation
 * gets everything that training leaves and its own fraction is ignored; otherwise test is the remainder. The floors use IEEE doubles on purpose: 100
 * * 0.29 is 28.999…, and char-rnn's answer is 28.
 */
export function splitChunks(total: number, trainFraction: number, validationFraction: number): ChunkCounts {
  const train = Math.floor(total * trainFraction);
  if (!leavesTest(trainFraction, validationFraction)) {
    return { total, train, validation: total - train, test: 0 };
  }
  const validation = Math.floor(total * validationFraction);
  return { total, train, validation, test: total - train - validation };
}

/** Whether the fractions leave a test split, as char-rnn computes it: 1 - (train + validation) above zero. */
export function leavesTest(trainFraction: number, validationFraction: number): boolean {
  return 1 - (trainFraction + validationFraction) > 0;
}

/** Chunks a text of N symbols gives: floor(N / (B*S)). */
export function countChunks(characters: number, batchSize: number, sequenceLength: number): number {
  return Math.floor(characters / (batchSize * sequenceLength));
}
