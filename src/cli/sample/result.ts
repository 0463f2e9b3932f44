import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import type { Sampling } from '../../engine/sampling/sampler.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { SampleResult } from '../json-output.ts';
import { replacementsAsJson } from '../unknown-characters.ts';

/** Writes a whole text and its remarks. */
export function writeWhole(
  checkpoint: string,
  { mode, codes }: Vocabulary,
  sampling: Sampling,
  settings: SampleSettings,
): SampleResult {
  const parts: string[] = [];
  const written: number[] = [];
  for (const { text, index } of sampling.symbols()) {
    parts.push(text);
    written.push(codes[index] ?? 0);
  }
  const end = sampling.end() ?? 'length';
  return {
    checkpoint,
    prime_text: sampling.primeText,
    text: parts.join(''),
    bytes: mode === 'bytes' ? Buffer.from(written).toString('base64') : null,
    symbols: parts.length,
    stopped: end !== 'length',
    end,
    seed: settings.seed,
    temperature: settings.temperature,
    greedy: settings.greedy,
    top_k: settings.topK,
    top_p: settings.topP,
    min_p: settings.minP,
    repetition_guard: settings.repetitionGuard,
    repetition_factor: settings.repetitionFactor,
    greedy_in_words: settings.greedyInWords,
    replaced: replacementsAsJson(sampling.unknown),
  };
}
