import type { WeightKind } from '../../shared/domain/training-choices.ts';
import type { TensorMap } from '../backends/backend.ts';
import type { Checkpoint } from '../checkpoints/content.ts';
import { averageOf } from './averaged-weights.ts';

/** The parameters that a checkpoint's model uses, without what belongs to the run that made it. */
export function usedParameters({ tensors, metadata }: Checkpoint): TensorMap {
  return parametersIn(tensors, metadata.weights);
}

/** One of the two sets of weights among a network's tensors, under the parameters' own names. */
export function parametersIn(tensors: TensorMap, weights: WeightKind): TensorMap {
  if (weights === 'averaged') return averageOf(tensors);
  return new Map([...tensors].filter(([name]) => !/^(optimizer|average|state)\./.test(name)));
}

/** A checkpoint for export: the weights that are used, and nothing that only a resumed run needs. */
export function givenCheckpoint(checkpoint: Checkpoint): Checkpoint {
  return {
    metadata: { ...checkpoint.metadata, weights: 'trained' },
    tensors: usedParameters(checkpoint),
  };
}
