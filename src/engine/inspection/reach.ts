import { parameterCount } from '../../shared/domain/model-tensors.ts';
import type { Inspection } from './inspection.ts';
import { pieceAt, placeOf } from './pieces.ts';
import { lossOf } from './states.ts';

/** How many of the last symbols are read. */
const distances = [1, 2, 3, 5, 8, 12, 20, 40, 80, 160] as const;
const longest = 160;
/** Multiplications that the whole may cost, and the places there are whatever that comes to. */
const budget = 1.2e11;
const fewestPlaces = 200;
const mostPlaces = 2000;

export interface Reach {
  readonly points: readonly { readonly characters: number; readonly loss: number }[];
  /** From everything that stands before. */
  readonly all: number;
  readonly places: number;
}

/**
 * The loss, in nats, of the symbol that follows when only the last symbols have been read, from zero states: where it meets the loss from everything,
 * the model looks no further back. Measured at places that are spread evenly over the part of the text that scores; nothing is read across the beginning of a record.
 */
export function* measureReach(inspection: Inspection): Generator<number, Reach, void> {
  const places = placesFor(inspection);
  const sums = distances.map(() => 0);
  let all = 0;
  for (const [index, { place, position }] of places.entries()) {
    distances.forEach((distance, at) => (sums[at] = (sums[at] ?? 0) + lossFrom(inspection, place, distance)));
    all += inspection.losses[position] ?? 0;
    yield (index + 1) / places.length;
  }
  const count = Math.max(1, places.length);
  return {
    points: distances.map((characters, at) => ({ characters, loss: (sums[at] ?? 0) / count })),
    all: all / count,
    places: places.length,
  };
}

function lossFrom({ model: { network }, text }: Inspection, place: number, distance: number): number {
  const { symbols, starts } = text;
  network.resetSampling();
  let logits: Float32Array = new Float32Array();
  for (let at = Math.max(0, place - distance + 1); at <= place; at++) {
    if (starts?.[at] === 1) network.resetSampling();
    logits = network.sampleStep(symbols[at] ?? 0);
  }
  return lossOf(logits, symbols[place + 1] ?? 0);
}

/** Places with a text of the longest distance behind them in their piece, warming up counted, and a symbol after them. */
function placesFor({ model: { spec }, text }: Inspection): readonly { place: number; position: number }[] {
  const cost = parameterCount(spec) * distances.reduce((sum, distance) => sum + distance, 0);
  const wanted = Math.max(fewestPlaces, Math.min(mostPlaces, Math.floor(budget / cost)));
  const suitable: { place: number; position: number }[] = [];
  for (let position = 0; position < text.length; position++) {
    const piece = pieceAt(text, position);
    if (piece === undefined || position < piece.scoresFrom) continue;
    const place = placeOf(piece, position);
    if (place - (piece.position - piece.warmUp) + 1 < longest || place + 1 >= text.symbols.length) continue;
    suitable.push({ place, position });
  }
  if (suitable.length <= wanted) return suitable;
  return Array.from(
    { length: wanted },
    (_, index) => suitable[Math.floor((index * suitable.length) / wanted)],
  ).filter((one) => one !== undefined);
}
