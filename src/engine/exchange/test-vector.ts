import { CharloomError } from '../../shared/errors.ts';
import type { OnProgress, TestVector } from './format.ts';

/** How many symbols an export is checked with. */
const checkedSymbols = 100;
/** How many of them its test vector holds. */
const vectorSymbols = 20;

/** What Charloom's own network computes, beginning with a zero state: the logits of the next symbol, [V]. */
export type OwnNetwork = (symbol: number) => Float32Array;

/**
 * Feeds symbols of a vocabulary of V to a network and keeps the logits after each. Which symbols is fixed, so that the same model gives the same
 * export; they are spread over the whole vocabulary.
 * @throws CharloomError 'bad-checkpoint' where a logit is not a number
 */
export async function recordLogits(
  network: OwnNetwork,
  vocabularySize: number,
  onProgress: OnProgress,
): Promise<TestVector> {
  // Multiples of the golden ratio fall evenly between 0 and 1, whatever their number.
  const symbols = Array.from({ length: checkedSymbols }, (_, index) =>
    Math.floor(((index * 0.618_033_988_749_895 + 0.37) % 1) * vocabularySize),
  );
  const logits: number[][] = [];
  for (const symbol of symbols) {
    logits.push(Array.from(network(symbol)));
    await onProgress(logits.length / symbols.length);
  }
  if (logits.flat().every(Number.isFinite)) return { symbols, logits };
  throw new CharloomError(
    'bad-checkpoint',
    'The model computes no numbers: its weights left every bound in training.',
    {
      fix: 'Choose an earlier checkpoint.',
    },
  );
}

/** The beginning of a record: what goes into test-vector.json. */
export function shortened({ symbols, logits }: TestVector): TestVector {
  return { symbols: symbols.slice(0, vectorSymbols), logits: logits.slice(0, vectorSymbols) };
}
