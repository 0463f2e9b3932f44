import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { averageOf } from '../../engine/model/averaged-weights.ts';
import type { WeightKind } from '../../shared/domain/training-choices.ts';
import type { TensorMap } from '../../engine/backends/backend.ts';
import { architectureOf } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';

/**
 * The settings of a run that begins with a checkpoint's parameters: model, sizes and dropout are the checkpoint's, as in char-rnn's
 * `-init_from`; iteration, learning rate and optimiser begin anew.
 */
export function warmStartSettings(settings: RunSettings, { metadata }: Checkpoint): RunSettings {
  return { ...settings, ...architectureOf(metadata.spec) };
}

/** The parameters that a checkpoint's model is used with, without what belongs to the run that made it. */
export function usedParameters({ tensors, metadata }: Checkpoint): TensorMap {
  return parametersIn(tensors, metadata.weights);
}

/** One of the two sets of weights among a network's tensors, under the parameters' own names. */
export function parametersIn(tensors: TensorMap, weights: WeightKind): TensorMap {
  if (weights === 'averaged') return averageOf(tensors);
  return new Map([...tensors].filter(([name]) => !/^(optimizer|average|state)\./.test(name)));
}
