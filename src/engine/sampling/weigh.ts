import type { DrawSettings } from '../../shared/domain/sample-settings.ts';
import { keepLikeliest, keepNearLikeliest, keepNucleus, probabilities } from './draw.ts';
import { makeRepetitionsUnlikely, repetitions } from './repetition-guard.ts';

type Weighing = Pick<
  DrawSettings,
  'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionGuard' | 'repetitionFactor'
>;

/**
 * The probabilities from which a symbol is drawn, written into `into` [V]. Each step uses the result of the previous one and renormalises:
 * temperature, top-k, top-p, min-p, repetition guard. A setting that is off changes no bit.
 * @param read the preceding symbols, the opening words first
 */
export function weigh(
  logits: Float32Array,
  settings: Weighing,
  read: readonly number[],
  into: Float64Array,
): void {
  probabilities(logits, settings.temperature, into);
  keepLikeliest(into, settings.topK);
  keepNucleus(into, settings.topP);
  keepNearLikeliest(into, settings.minP);
  if (settings.repetitionGuard === 0) return;
  makeRepetitionsUnlikely(into, repetitions(read, settings.repetitionGuard), settings.repetitionFactor);
}
