import { CharloomError } from '../../shared/errors.ts';
import { beginsText } from './test-vector.ts';
import type { Evaluator, OnProgress, TestVector } from './format.ts';

/** What an export was checked with, and how far it was off. */
export interface ExportCheck {
  readonly symbols: number;
  /** Largest difference of a logit, at temperature 1. */
  readonly largestDifference: number;
}

/**
 * How far a logit may be off. Float32 arithmetic in another order is off by about 0.00001; where weights are so large that logits go beyond 10, by as
 * much of them.
 */
function allowedFor(logits: TestVector['logits']): number {
  const largestLogit = logits.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(1e-4, 1e-5 * largestLogit);
}

/**
 * Compares what was exported with what Charloom's own network computed.
 * @throws CharloomError 'check-failed' where a logit differs by more than 0.0001, or where logits are beyond 10, by more than 0.00001 of the largest
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
    // Not a number is a difference too.
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
