import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import {
  gateCount,
  parameterCount,
  stateShapes,
  totalElements,
} from '../../../shared/domain/model-tensors.ts';
import { optimizers, type OptimizerKind } from '../../../shared/domain/optimizers.ts';

/** The settings, besides the model, that decide how much memory training takes. */
export interface TrainingSize {
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly optimizer: { readonly kind: OptimizerKind };
  readonly averaging: boolean;
}

/** Forecast of the memory that training a model takes on TensorFlow, in bytes; docs/tensorflow.md compares it with measurements. */
export function forecastBytes(spec: ModelSpec, size: TrainingSize, device: 'cpu' | 'gpu' = 'cpu'): number {
  return variableBytes(spec, size) + activationBytes(spec, size, device);
}

/** Everything kept between steps: parameters, optimiser memory, average, gradients, and the states of training and evaluation. */
export function variableBytes(spec: ModelSpec, { batchSize, optimizer, averaging }: TrainingSize): number {
  // A parameter, its gradient, its average, and what the optimiser keeps.
  const copies = 2 + Number(averaging) + optimizers[optimizer.kind].slots.length;
  const stateElements = totalElements(stateShapes(spec, batchSize));
  return 4 * (copies * parameterCount(spec) + 2 * stateElements);
}

/** Rows of V that a step holds for each symbol: logits, softmax and gradient; a card also has one-hot rows and what comes of them (plan.ts). */
const vocabularyRows = { cpu: 3, gpu: 8 } as const;

/**
 * What one training step holds besides the variables: for each layer, time step and row about 4 times the gates (projection, sums,
 * nonlinear gates, gate gradients) plus 7 vectors of H (states, squashed cell, operands, the way up and down); for each
 * symbol some rows of V.
 */
function activationBytes(
  spec: ModelSpec,
  { batchSize, sequenceLength }: TrainingSize,
  device: 'cpu' | 'gpu',
): number {
  const perUnit = 4 * gateCount(spec) + 7;
  const layers = spec.numLayers * perUnit * spec.rnnSize;
  return 4 * batchSize * sequenceLength * (layers + vocabularyRows[device] * spec.vocabularySize);
}
