import { isResidual, type ModelSpec } from '../../../shared/domain/model-spec.ts';
import {
  gateCount,
  parameterCount,
  stateShapes,
  totalElements,
} from '../../../shared/domain/model-tensors.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { TrainingSize } from '../settings-that-fit.ts';

/** Forecast of the memory that training a model takes on TensorFlow, in bytes; docs/tensorflow.md compares it with measurements. */
export function forecastBytes(spec: ModelSpec, size: TrainingSize, device: 'cpu' | 'gpu' = 'cpu'): number {
  return variableBytes(spec, size) + workBytes(spec, size) + activationBytes(spec, size, device);
}

/** Everything kept between steps: parameters, optimiser memory, average, gradients, and the states of training and evaluation. */
export function variableBytes(spec: ModelSpec, { batchSize, optimizer, averaging }: TrainingSize): number {
  // A parameter, its gradient, its average, and what the optimiser keeps.
  const copies = 2 + Number(averaging) + optimizers[optimizer.kind].slots.length;
  const stateElements = totalElements(stateShapes(spec, batchSize));
  return 4 * (copies * parameterCount(spec) + 2 * stateElements);
}

/** What a step derives from the weights: a mask and the dropped weights, and Muon's iteration over the hidden matrices (X, A and A^2). */
function workBytes(spec: ModelSpec, { optimizer, weightDrop }: TrainingSize): number {
  const matrix = gateCount(spec) * spec.rnnSize ** 2;
  const dropped = weightDrop > 0 ? 2 * spec.numLayers : 0;
  const orthogonal = optimizer.kind === 'muon' ? 3 * (2 * spec.numLayers - 1) : 0;
  return 4 * matrix * (dropped + orthogonal);
}

/** Rows of V that a step holds for each symbol: logits, softmax and gradient; a card also has one-hot rows and their products (plan.ts). */
const vocabularyRows = { cpu: 3, gpu: 8 } as const;

/**
 * What one training step holds besides the variables: for each layer, time step and row about 4 times the gates (projection, sums, nonlinear gates,
 * gate gradients) plus 7 vectors of H (states, squashed cell, operands, the output and its gradient); with layer normalisation as much again for the
 * gates and 2 vectors more (normalised products, their gradients, the gains' parts); with residual connections one more; for each symbol some
 * rows of V.
 */
function activationBytes(
  spec: ModelSpec,
  { batchSize, sequenceLength }: TrainingSize,
  device: 'cpu' | 'gpu',
): number {
  const gates = gateCount(spec);
  const plain = 4 * gates + 7;
  const normalised = spec.layerNorm ? 4 * gates + 2 : 0;
  const layers = spec.numLayers * (plain + normalised + Number(isResidual(spec))) * spec.rnnSize;
  return 4 * batchSize * sequenceLength * (layers + vocabularyRows[device] * spec.vocabularySize);
}
