import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { NetworkOptions } from '../backends/backend.ts';

/** The model that these settings describe for a vocabulary of V symbols. */
export function modelSpecOf(settings: RunSettings, vocabularySize: number): ModelSpec {
  const { model, rnnSize, numLayers, dropout } = settings;
  return { model, vocabularySize, rnnSize, numLayers, dropout };
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
