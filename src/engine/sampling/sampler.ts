import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { SamplingNetwork } from '../backends/backend.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { TextGenerator, type Opening, type SampledSymbol } from './text-generator.ts';

export type { SampledSymbol } from './text-generator.ts';

export interface Sampling extends Opening {
  /** Writes symbol by symbol, as the generator is consumed. Can be used once. */
  symbols(): Generator<SampledSymbol, void, undefined>;
  /** Why it ended; undefined before that. */
  end(): TextGenerator['end'];
}

/**
 * Prepares writing with a network: exactly `length` new symbols unless the stop text or line end comes first (text-generator.ts has the rules). The same
 * seed gives the same text.
 */
export function startSampling(
  network: SamplingNetwork,
  vocabulary: Vocabulary,
  settings: SampleSettings,
  separator: string | null = null,
): Sampling {
  const generator = new TextGenerator(network, vocabulary, settings, separator);
  return { ...generator.begin(), symbols: () => write(generator), end: () => generator.end };
}

function* write(generator: TextGenerator): Generator<SampledSymbol, void, undefined> {
  for (let symbol = generator.next(); symbol !== undefined; symbol = generator.next()) yield symbol;
}
