import { knownModelSpec, type ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { NetworkOptions } from '../backends/backend.ts';

/** The model that these settings describe for a vocabulary of V symbols. */
export function modelSpecOf(settings: RunSettings, vocabularySize: number): ModelSpec {
  // In the order of the schema, as run.json and checkpoints have it.
  return knownModelSpec({ ...settings, vocabularySize });
}

/** char-rnn's way of training, without Charloom's additions: for trials and checks of a backend. */
export const plainTraining = {
  optimizer: { kind: 'rmsprop', decayRate: 0.95, weightDecay: 0 },
  clip: { by: 'element', bound: 5 },
  weightDrop: 0,
  averaging: false,
  records: false,
} as const satisfies Partial<NetworkOptions>;

/** What a network needs to train with these settings. */
export function networkOptionsOf(settings: RunSettings): NetworkOptions {
  return {
    batchSize: settings.batchSize,
    sequenceLength: settings.sequenceLength,
    optimizer: {
      kind: settings.optimizer,
      decayRate: settings.decayRate,
      weightDecay: settings.weightDecay,
    },
    clip: { by: settings.clipBy, bound: settings.gradientClip },
    dropoutSeed: settings.seed,
    weightDrop: settings.weightDrop,
    averaging: settings.averageDecay > 0,
    records: settings.records !== 'off',
  };
}
