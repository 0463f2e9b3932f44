import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { Network } from '../backends/backend.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { encodeText, type UnknownCharacter } from '../dataset/encode-text.ts';
import { createSymbolWriter } from '../dataset/vocabulary.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { draw, keepLikeliest, likeliest, probabilities } from './draw.ts';

/** One symbol as it is written. */
export interface SampledSymbol {
  readonly index: number;
  /** What can be shown now; empty while the bytes of a character are incomplete. */
  readonly text: string;
  /** Probability the symbol had before temperature and top-k. */
  readonly probability: number;
  /** Probabilities of all symbols, [V], before temperature and top-k; overwritten by the next symbol. */
  readonly distribution: Float64Array;
}

export interface Sampling {
  /** The opening words as the model reads them, what it lacks replaced. */
  readonly primeText: string;
  readonly unknown: readonly UnknownCharacter[];
  /** Writes symbol by symbol; the work is done as it is read. */
  symbols(): Generator<SampledSymbol, void, undefined>;
}

/**
 * Prepares writing with a network by sample.lua's rules: zero state; the opening words are read first, and the distribution
 * after the last of them gives the first new symbol; without them the first symbol is uniform; exactly `length` new symbols
 * unless the stop text comes first. The same seed gives the same text.
 */
export function startSampling(network: Network, vocabulary: Vocabulary, settings: SampleSettings): Sampling {
  const prime = encodeText(settings.primeText, vocabulary);
  return {
    primeText: prime.text,
    unknown: prime.unknown,
    symbols: () => write(network, vocabulary, settings, prime.indices),
  };
}

function* write(
  network: Network,
  vocabulary: Vocabulary,
  settings: SampleSettings,
  prime: readonly number[],
): Generator<SampledSymbol, void, undefined> {
  const size = vocabulary.codes.length;
  const generator = RandomGenerator.seeded('sampling', settings.seed);
  const writer = createSymbolWriter(vocabulary);
  const distribution = new Float64Array(size);
  const scratch = new Float64Array(size);
  let tail = '';
  network.resetSampling();
  let logits: Float32Array | undefined;
  for (const index of prime) logits = network.sampleStep(index);
  for (let written = 0; written < settings.length; written++) {
    // A uniform start is a network that knows nothing yet: all logits equal.
    const index =
      logits === undefined
        ? uniform(distribution, generator)
        : choose(logits, settings, generator, distribution, scratch);
    const text = writer.write(index);
    yield { index, text, probability: distribution[index] ?? 0, distribution };
    tail = (tail + text).slice(-2 * settings.stop.length);
    if (settings.stop !== '' && tail.endsWith(settings.stop)) return;
    logits = network.sampleStep(index);
  }
}

function uniform(distribution: Float64Array, generator: RandomGenerator): number {
  distribution.fill(1 / distribution.length);
  return generator.nextBelow(distribution.length);
}

function choose(
  logits: Float32Array,
  settings: SampleSettings,
  generator: RandomGenerator,
  distribution: Float64Array,
  scratch: Float64Array,
): number {
  probabilities(logits, 1, distribution);
  if (settings.greedy) return likeliest(distribution);
  probabilities(logits, settings.temperature, scratch);
  keepLikeliest(scratch, settings.topK);
  return draw(scratch, generator);
}
