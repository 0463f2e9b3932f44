/** Number of iterations that the smoothed line averages over; 1 is no smoothing. */
export const smoothingSpans = [1, 5, 10, 20, 50, 100, 200, 500, 1000] as const;
export const defaultSmoothingSpan = 20;

/** The weight of the past that makes an exponential mean look back over about `span` values. */
export function smoothingWeight(span: number): number {
  return 1 - 1 / Math.max(1, span);
}

/**
 * Exponential mean, corrected for its start at zero (like Adam's moments): the first value is the first value, not a fraction of it. Values that are
 * not numbers stay so and do not affect the mean.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let mean = 0;
  let past = 1;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      smoothed[index] = Number.NaN;
      continue;
    }
    mean = weight * mean + (1 - weight) * value;
    past *= weight;
    smoothed[index] = mean / (1 - past);
  }
  return smoothed;
}
