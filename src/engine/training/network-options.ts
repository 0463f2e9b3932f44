import { knownModelSpec, type ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { NetworkOptions } from '../backends/backend.ts';

/** The model that these settings describe for a vocabulary of V symbols. */
export function modelSpecOf(settings: RunSettings, vocabularySize: number): ModelSpec {
  // In the order of the schema, as run.json and checkpoints have it.
  return knownModelSpec({ ...settings, vocabularySize });
}

/** What a network needs to train with these settings. */
export function networkOptionsOf(settings: RunSettings): NetworkOptions {
  return {
    batchSize: settings.batchSize,
    sequenceLength: settings.sequenceLength,
    optimizer: { kind: settings.optimizer, decayRate: settings.decayRate },
    gradientClip: settings.gradientClip,
    dropoutSeed: settings.seed,
  };
}
