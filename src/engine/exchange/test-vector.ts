import { CharloomError } from '../../shared/errors.ts';
import type { OnProgress, TestVector } from './format.ts';

/**
 * An export is checked with a hundred symbols, in texts of twenty that each start from zero state: over longer texts, a recurrent network may
 * amplify float32 rounding until the comparison says nothing about the export. The first text is the test vector.
 */
const checkedSymbols = 100;
const textSymbols = 20;

/** Whether a text starts with the symbol at this position. */
export function beginsText(index: number): boolean {
  return index % textSymbols === 0;
}

/** The result of Charloom's own network: the logits of the next symbol, [V], from zero state if a text `begins`. */
export type OwnNetwork = (symbol: number, begins: boolean) => Float32Array;

/**
 * Feeds symbols of a vocabulary of V to a network and records the logits after each. The symbols are fixed, so that the same model gives the
 * same export, and spread over the whole vocabulary.
 * @throws CharloomError 'bad-checkpoint' if a logit is not a number
 */
export async function recordLogits(
  network: OwnNetwork,
  vocabularySize: number,
  onProgress: OnProgress,
): Promise<TestVector> {
  // The fractional parts of multiples of the golden ratio are spread evenly between 0 and 1, however many there are.
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

/** The beginning of a record, for test-vector.json. */
export function shortened({ symbols, logits }: TestVector): TestVector {
  return { symbols: symbols.slice(0, textSymbols), logits: logits.slice(0, textSymbols) };
}
