import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { BaselineCounter, type Baselines } from '../../engine/dataset/baselines/baselines.ts';
import type { Corpus } from '../../engine/dataset/corpus.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { ReadTextHooks } from './text-reading.ts';

/** Symbols between two turns of the event loop: some tens of milliseconds of work. */
const portion = 1 << 20;

/**
 * What counting alone scores on the split of this plan, in nats per symbol.
 * @throws CharloomError('cancelled') once the signal says so
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

/** Positions of `search` in a text: how many, and the first `most`. */
export async function findInText(
  { symbols, vocabulary }: Corpus,
  search: string,
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly total: number; readonly positions: readonly number[] }> {
  const wanted = Array.from(search, (symbol) => vocabulary.codes.indexOf(symbol.codePointAt(0) ?? -1));
  const [first = -1] = wanted;
  const positions: number[] = [];
  let total = 0;
  if (wanted.includes(-1)) return { total, positions };
  let looked = 0;
  for (let at = symbols.indexOf(first); at >= 0; at = symbols.indexOf(first, at + 1)) {
    if (wanted.every((symbol, offset) => symbols[at + offset] === symbol)) {
      total += 1;
      if (positions.length < most) positions.push(at);
    }
    if (++looked % portion === 0) await yieldToEventLoop();
    if (signal?.aborted) throw new CharloomError('cancelled', 'The search was cancelled.');
  }
  return { total, positions };
}
