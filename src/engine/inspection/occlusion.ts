import type { Inspection } from './inspection.ts';
import { pieceAt, placeOf } from './pieces.ts';
import { readUpTo } from './states.ts';

/** Symbols read before the first one that is replaced. */
const lead = 200;

/** Symbols of the text from which the most common one is determined. */
const sampled = 100_000;

/**
 * How much the prediction after a position depends on each of the last symbols: the Kullback-Leibler divergence, in nats, between the prediction and the one
 * after that symbol is replaced with the most common symbol of the text (which is itself replaced with the second most common). Nothing is read before the
 * beginning of the piece or record.
 * @returns one number for each symbol, the one at the position last
 */
export function occlude(
  { model, text, losses }: Inspection,
  position: number,
  count: number,
): readonly number[] {
  const piece = pieceAt(text, position);
  if (piece === undefined || losses.length === 0) return [];
  const { network } = model;
  const last = placeOf(piece, position);
  const begin = beginOf(text.starts, piece.position - piece.warmUp, last);
  const first = Math.max(begin, last - count + 1);
  readUpTo(network, text, first - 1, { begin, lead });
  const [common = 0, other = 0] = commonest(text.symbols.subarray(0, sampled), text.vocabulary.codes.length);
  const states = [network.readSamplingState().slice()];
  let expected: Float64Array = new Float64Array();
  for (let place = first; place <= last; place++) {
    expected = distribution(network.sampleStep(text.symbols[place] ?? 0));
    states.push(network.readSamplingState().slice());
  }
  return states.slice(0, -1).map((state, index) => {
    network.writeSamplingState(state);
    const replaced = text.symbols[first + index] === common ? other : common;
    let logits = network.sampleStep(replaced);
    for (let place = first + index + 1; place <= last; place++)
      logits = network.sampleStep(text.symbols[place] ?? 0);
    return divergence(expected, distribution(logits));
  });
}

/** The start of the model's context at a position. */
function beginOf(starts: Uint8Array | undefined, begin: number, last: number): number {
  for (let place = last; place > begin; place--) if (starts?.[place] === 1) return place;
  return begin;
}

function commonest(symbols: Iterable<number>, size: number): readonly number[] {
  const counts = new Uint32Array(size);
  for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1;
  return [...counts.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
}

/** Softmax, in double precision. */
export function distribution(logits: Float32Array): Float64Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function divergence(from: Float64Array, to: Float64Array): number {
  const sum = from.reduce(
    (total, p, symbol) => (p === 0 ? total : total + p * Math.log(p / Math.max(to[symbol] ?? 0, 1e-300))),
    0,
  );
  return Math.max(0, sum);
}
