import { CharloomError } from '../../shared/errors.ts';
import type { Evaluator, OnProgress, TestVector } from './format.ts';

/** What an export was checked with, and how far it was off. */
export interface ExportCheck {
  readonly symbols: number;
  /** Largest difference of a logit, at temperature 1. */
  readonly largestDifference: number;
}

/** Float32 arithmetic in another order is off by about 0.00001. */
export const allowedDifference = 1e-4;

/**
 * Compares what was exported with what Charloom's own network computed.
 * @throws CharloomError 'check-failed' where a logit differs by more than `allowedDifference`
 */
export async function checkExport(
  evaluate: Evaluator,
  { symbols, logits }: TestVector,
  onProgress: OnProgress,
): Promise<ExportCheck> {
  let largestDifference = 0;
  for (const [index, symbol] of symbols.entries()) {
    const difference = largest(evaluate(symbol), logits[index] ?? []);
    // Not a number is a difference too.
    if (!(difference <= allowedDifference)) throw differs(difference);
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
