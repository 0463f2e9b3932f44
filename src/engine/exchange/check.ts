import { CharloomError } from '../../shared/errors.ts';
import { beginsText } from './test-vector.ts';
import type { Evaluator, OnProgress, TestVector } from './format.ts';

/** The result of checking an export. */
export interface ExportCheck {
  readonly symbols: number;
  /** Largest difference of a logit, at temperature 1. */
  readonly largestDifference: number;
}

/**
 * The largest allowed difference of a logit. Float32 arithmetic in another order differs by about 0.00001; where weights are so large that logits
 * exceed 10, by that fraction of the largest.
 */
function allowedFor(logits: TestVector['logits']): number {
  const largestLogit = logits.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(1e-4, 1e-5 * largestLogit);
}

/**
 * Compares an export with what Charloom's own network computed.
 * @throws CharloomError 'check-failed' if a logit differs by more than 0.0001, or, where logits exceed 10, by more than 0.00001 of the largest
 */
export async function checkExport(
  evaluate: Evaluator,
  { symbols, logits }: TestVector,
  onProgress: OnProgress,
): Promise<ExportCheck> {
  const allowed = allowedFor(logits);
  let largestDifference = 0;
  for (const [index, symbol] of symbols.entries()) {
    const difference = largest(evaluate(symbol, beginsText(index)), logits[index] ?? []);
    // NaN counts as a difference too.
    if (!(difference <= allowed)) throw differs(difference);
    largestDifference = Math.max(largestDifference, difference);
    await onProgress((index + 1) / symbols.length);
  }
  return { symbols: symbols.length, largestDifference };
}

function largest(found: Float64Array, expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  return expected.reduce((most, value, index) => {
    const difference = Math.abs(value - (found[index] ?? NaN));
    return Number.isNaN(difference) || difference > most ? difference : most;
  }, 0);
}

function differs(difference: number): CharloomError {
  return new CharloomError(
    'check-failed',
    `The exported model does not compute what this model computes (a logit differs by ${difference.toPrecision(2)}), so it was not kept.`,
    { fix: 'Please report this, with the checkpoint if you can.' },
  );
}
