import type { SamplingNetwork } from '../backends/backend.ts';
import type { InspectedSymbols, Piece } from './pieces.ts';

/** One symbol that has been read. The arrays are used again for the next. */
export interface ReadSymbol {
  /** Position among the symbols of all pieces; below the piece's start while it warms up. */
  readonly position: number;
  /** All units, by their numbers (units.ts). */
  readonly states: Float32Array;
  /** Of the next symbol, [V]. */
  readonly logits: Float32Array;
}

/**
 * Reads a piece: `warmUp` symbols before it, which are not handed on, then its own, one after the other. Where a record begins all states are as at
 * the start (docs/records.md).
 */
export function* readPiece(
  network: SamplingNetwork,
  { symbols, starts }: Pick<InspectedSymbols, 'symbols' | 'starts'>,
  piece: Piece,
): Generator<ReadSymbol, void, undefined> {
  const { start, end, position, warmUp } = piece;
  network.resetSampling();
  for (let place = position - warmUp; place < position + end - start; place++) {
    if (starts?.[place] === 1) network.resetSampling();
    const logits = network.sampleStep(symbols[place] ?? 0);
    if (place < position) continue;
    yield { position: start + place - position, states: network.readSamplingState(), logits };
  }
}

/** -log P(symbol), in nats. */
export function lossOf(logits: Float32Array, symbol: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return Math.log(sum) + largest - (logits[symbol] ?? 0);
}
