import { gateCount } from '../../../shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';

/**
 * Forecast of what one training step holds besides the variables, in bytes: for each layer, time step and row about 4 times the
 * gates (projection, sums, nonlinear gates, gate gradients) plus 7 vectors of H (states, squashed cell, operands, the way up
 * and down); for each symbol 3 rows of V (logits, softmax, gradient); and one partial weight gradient per chunk.
 */
export function activationBytes(
  spec: ModelSpec,
  { batchSize, sequenceLength }: { readonly batchSize: number; readonly sequenceLength: number },
): number {
  const perUnit = 4 * gateCount(spec.model) + 7;
  const layers = spec.numLayers * perUnit * spec.rnnSize;
  return 4 * batchSize * sequenceLength * (layers + 3 * spec.vocabularySize);
}
