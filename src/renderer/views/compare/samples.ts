import type { Sample } from '../../../shared/domain/run.ts';

/** The sample that was written nearest to an epoch. */
export function sampleNear(samples: readonly Sample[], epoch: number): Sample | null {
  return samples.reduce<Sample | null>(
    (nearest, sample) =>
      nearest === null || Math.abs(sample.epoch - epoch) < Math.abs(nearest.epoch - epoch) ? sample : nearest,
    null,
  );
}

/** The sample with the lowest validation loss; of equals, the earlier one. */
export function bestSample(samples: readonly Sample[]): Sample | null {
  return samples.reduce<Sample | null>(
    (best, sample) =>
      (sample.validationLoss ?? Infinity) < (best?.validationLoss ?? Infinity) ? sample : best,
    samples[0] ?? null,
  );
}

/** Differences between the samples' conditions, as text; empty if they can be compared. */
export function unlike(samples: readonly Sample[]): readonly string[] {
  const differs = (value: (sample: Sample) => unknown): boolean => new Set(samples.map(value)).size > 1;
  return [
    ...(differs(({ primeText }) => primeText) ? ['opening words'] : []),
    ...(differs(({ seed }) => seed) ? ['seed'] : []),
    ...(differs(({ temperature }) => temperature) ? ['temperature'] : []),
  ];
}
