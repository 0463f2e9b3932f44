import { CharloomError } from '../../shared/errors.ts';
import type { OnProgress, TestVector } from './format.ts';

/**
 * An export is checked with a hundred symbols, in texts of twenty that each start from a zero state: over longer texts, a recurrent network may
 * magnify float32 rounding until it says nothing about the export. The first text is the test vector.
 */
const checkedSymbols = 100;
const textSymbols = 20;

/** Whether a text starts with the symbol at this position. */
export function beginsText(index: number): boolean {
  return index % textSymbols === 0;
}

/** The result of Charloom's own network: the logits of the next symbol, [V], from a zero state where a text `begins`. */
export type OwnNetwork = (symbol: number, begins: boolean) => Float32Array;

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
  // Multiples of the golden ratio are spread evenly between 0 and 1, whatever their number.
  const symbols = Array.from({ length: checkedSymbols }, (_, index) =>
    Math.floor(((index * 0.618_033_988_749_895 + 0.37) % 1) * vocabularySize),
  );
  const logits: number[][] = [];
  for (const [index, symbol] of symbols.entries()) {
    logits.push(Array.from(network(symbol, beginsText(index))));
    await onProgress(logits.length / symbols.length);
  }
  if (logits.flat().every(Number.isFinite)) return { symbols, logits };
  throw new CharloomError(
    'bad-checkpoint',
    'The model computes no numbers: its weights grew without limit in training.',
    {
      fix: 'Choose an earlier checkpoint.',
    },
  );
}

/** The beginning of a record: what goes into test-vector.json. */
export function shortened({ symbols, logits }: TestVector): TestVector {
  return { symbols: symbols.slice(0, textSymbols), logits: logits.slice(0, textSymbols) };
}
