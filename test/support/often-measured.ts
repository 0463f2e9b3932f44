import type { RunSettings } from '../../src/shared/domain/run-settings.ts';

/** Settings of a small model that is evaluated every second or so. */
export const oftenMeasured: Partial<RunSettings> = {
  rnnSize: 24,
  numLayers: 1,
  batchSize: 20,
  sequenceLength: 25,
  // Few validation chunks: measuring them takes no time.
  trainFraction: 0.98,
  validationFraction: 0.01,
  evaluateEvery: 30,
};
