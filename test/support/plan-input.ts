import type { PlanInput } from '../../src/shared/planning/plan-types.ts';

/** char-rnn's defaults for a text of N symbols, with what a test changes. */
export function planInput(characters: number, changes: Partial<PlanInput> = {}): PlanInput {
  return {
    characters,
    batchSize: 50,
    sequenceLength: 50,
    trainFraction: 0.95,
    validationFraction: 0.05,
    maxEpochs: 50,
    maxIterations: 0,
    ...changes,
  };
}
