import type { RandomGenerator } from '../random/random-generator.ts';

export interface DrawSettings {
  /** Above 0. */
  readonly temperature: number;
  readonly greedy: boolean;
  /** Draw among this many of the likeliest symbols; 0 for all. */
  readonly topK: number;
}

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

/** Sets all but the k largest probabilities to zero and renormalises; of equals the earlier symbols stay. */
export function keepLikeliest(values: Float64Array, k: number): void {
  if (k <= 0 || k >= values.length) return;
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  for (const index of order.slice(k)) values[index] = 0;
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
  // Rounding left a crumb: the last possible symbol takes it.
  return last;
}
