import type { RandomGenerator } from '../random/random-generator.ts';

/**
 * The probability of every symbol, written into `into` [V]: softmax of logits / temperature, as char-rnn divides log-probabilities
 * before it exponentiates and renormalises. In double precision, so that a text depends on the logits alone.
 */
export function probabilities(logits: Float32Array, temperature: number, into: Float64Array): void {
  let largest = -Infinity;
  for (const logit of logits) largest = Math.max(largest, logit);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    // Subtracting the largest first keeps the exponential finite, however low the temperature.
    const weight = Math.exp(((logits[i] ?? 0) - largest) / temperature);
    into[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < logits.length; i++) into[i] = (into[i] ?? 0) / sum;
}

/** Index of the largest value, the first of equals. */
export function likeliest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/** Sets all but the k largest probabilities to zero and renormalises; among equals the earlier symbols stay. 0: all stay. */
export function keepLikeliest(values: Float64Array, k: number): void {
  if (k <= 0 || k >= values.length) return;
  keepOnly(values, byProbability(values).slice(0, k));
}

/**
 * Keeps the nucleus and renormalises: the fewest of the likeliest symbols whose probabilities together reach `share`, at least one.
 * 1: all stay. Holtzman et al. 2020, arXiv 1904.09751, section 3.1.
 * @param share above 0, at most 1
 */
export function keepNucleus(values: Float64Array, share: number): void {
  if (share >= 1) return;
  const order = byProbability(values);
  let reached = 0;
  let kept = 0;
  while (kept < order.length && reached < share) reached += values[order[kept++] ?? 0] ?? 0;
  keepOnly(values, order.slice(0, Math.max(1, kept)));
}

/**
 * Keeps the symbols that have at least `share` of the likeliest one's probability and renormalises. 0: all stay.
 * Nguyen et al. 2024, arXiv 2407.01082, section 3.
 * @param share 0..1
 */
export function keepNearLikeliest(values: Float64Array, share: number): void {
  if (share <= 0) return;
  const least = share * (values[likeliest(values)] ?? 0);
  keepOnly(
    values,
    Array.from(values.keys()).filter((index) => (values[index] ?? 0) >= least),
  );
}

/** Indices by descending probability; among equals the earlier symbol first. */
function byProbability(values: Float64Array): readonly number[] {
  return Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

function keepOnly(values: Float64Array, kept: readonly number[]): void {
  const isKept = new Uint8Array(values.length);
  for (const index of kept) isKept[index] = 1;
  for (let i = 0; i < values.length; i++) if (isKept[i] === 0) values[i] = 0;
  renormalise(values);
}

/** Divides by the sum, so that the probabilities sum to 1. */
export function renormalise(values: Float64Array): void {
  const sum = values.reduce((total, value) => total + value, 0);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / sum;
}

/** Draws one index from probabilities that sum to 1. */
export function draw(values: Float64Array, generator: RandomGenerator): number {
  let left = generator.nextDouble();
  let last = 0;
  for (let i = 0; i < values.length; i++) {
    const probability = values[i] ?? 0;
    if (probability === 0) continue;
    last = i;
    left -= probability;
    if (left < 0) return i;
  }
  // Rounding left a remainder: it goes to the last possible symbol.
  return last;
}
