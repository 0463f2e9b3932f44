import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { BaselineCounter, type Baselines } from '../../engine/dataset/baselines/baselines.ts';
import { comparableCorpus, comparableSample } from '../../engine/copying/comparable.ts';
import type { Corpus, Vocabulary } from '../../engine/dataset/corpus.ts';
import type { TranslatedText } from '../../engine/dataset/translated-text.ts';
import { translating } from '../../engine/dataset/translate.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { ReadTextHooks } from './text-reading.ts';

/** Symbols between two turns of the event loop: a few tens of milliseconds of work. */
const portion = 1 << 20;

/**
 * The baselines on the split of this plan, in nats per symbol.
 * @throws CharloomError('cancelled') by the signal
 */
export async function measureBaselines(
  { symbols, vocabulary }: Corpus,
  plan: ChunkPlan,
  { signal, onProgress }: ReadTextHooks = {},
): Promise<Baselines> {
  const counter = new BaselineCounter(plan, vocabulary.codes.length);
  for (let start = 0; start < symbols.length; start += portion) {
    const part = symbols.subarray(start, start + portion);
    counter.add(part, part.length);
    onProgress?.(Math.min(1, (start + portion) / symbols.length));
    await yieldToEventLoop();
    if (signal?.aborted) throw new CharloomError('cancelled', 'Measuring was cancelled.');
  }
  return counter.finish();
}

/** Milliseconds of translating between two turns of the event loop. */
const breathMs = 50;

/**
 * A text in the symbols of another vocabulary.
 * @throws CharloomError('cancelled') by the signal
 */
export async function translateCorpus(
  corpus: Corpus,
  vocabulary: Vocabulary,
  { signal, onProgress }: ReadTextHooks = {},
): Promise<TranslatedText> {
  const work = translating(corpus, vocabulary);
  let breathed = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - breathed < breathMs) continue;
    onProgress?.(step.value);
    await yieldToEventLoop();
    if (signal?.aborted) throw new CharloomError('cancelled', 'Reading the text was cancelled.');
    breathed = performance.now();
  }
}

/** Ranges of a text, as positions of its own symbols: the first symbol, and the one after the last. */
export interface FoundPlaces {
  readonly total: number;
  readonly positions: readonly number[];
  readonly ends: readonly number[];
}

/** Where `search` occurs in a text, however either writes its accents and line ends: the number of places, and the first `most`. */
export async function findInText(
  corpus: Corpus,
  search: string,
  most: number,
  signal?: AbortSignal,
): Promise<FoundPlaces> {
  const text = comparableCorpus(corpus);
  const { symbols } = text;
  const wanted = comparableSample(search, corpus.vocabulary.mode).codes.map(text.symbolOf);
  const [first = -1] = wanted;
  const places: number[] = [];
  let total = 0;
  let looked = 0;
  for (
    let at = wanted.includes(-1) ? -1 : symbols.indexOf(first);
    at >= 0;
    at = symbols.indexOf(first, at + 1)
  ) {
    if (wanted.every((symbol, offset) => symbols[at + offset] === symbol)) {
      total += 1;
      if (places.length < most) places.push(at);
    }
    if (++looked % portion === 0) await yieldToEventLoop();
    if (signal?.aborted) throw new CharloomError('cancelled', 'The search was cancelled.');
  }
  const positions = places.map(text.positionOf);
  return { total, positions, ends: places.map((at) => text.positionOf(at + wanted.length)) };
}
