import { parameterCount } from '../../shared/domain/model-tensors.ts';
import type { Inspection } from './inspection.ts';
import { pieceAt, placeOf } from './pieces.ts';
import { readPieces, untouched } from './states.ts';

/** Numbers of last symbols that are read. */
const distances = [1, 2, 3, 5, 8, 12, 20, 40, 80, 160] as const;
const longest = 160;
/** Limit on multiplications for the whole measurement, and the minimum number of places regardless of cost. */
const budget = 1.6e11;
const fewestPlaces = 200;
const mostPlaces = 2000;

export interface Reach {
  readonly points: readonly { readonly characters: number; readonly loss: number }[];
  /** From the whole context. */
  readonly all: number;
  readonly places: number;
}

/** A place in the text, and its position among the pieces. */
interface MeasuredPlace {
  readonly place: number;
  readonly position: number;
}

/**
 * The loss, in nats, of the next symbol when only the last symbols have been read, from zero states: where it reaches the loss with the whole context, the
 * model looks no further back. Measured at places spread evenly over the part of the text for scoring; nothing is read across the beginning of a record.
 */
export function* measureReach(inspection: Inspection): Generator<number, Reach, void> {
  const { backend, spec, parameters } = inspection.model;
  const places = placesFor(inspection);
  const reading = { backend, spec, model: untouched(spec, parameters) };
  const cost = distances.reduce((sum, distance) => sum + distance, 0);
  const points: { characters: number; loss: number }[] = [];
  let done = 0;
  for (const characters of distances) {
    // Each place is a piece of one symbol, with the symbols before it as warm-up.
    const pieces = places.map(({ place }, index) => ({
      start: index,
      end: index + 1,
      position: place,
      warmUp: characters - 1,
      learned: false,
      scoresFrom: index,
    }));
    let sum = 0;
    const work = readPieces(reading, inspection.text, pieces, ({ loss }) => (sum += loss));
    for (const fraction of work) yield (done + fraction * characters) / cost;
    done += characters;
    points.push({ characters, loss: sum / Math.max(1, places.length) });
  }
  const all = places.reduce((sum, { position }) => sum + (inspection.losses[position] ?? 0), 0);
  return { points, all: all / Math.max(1, places.length), places: places.length };
}

/** Places that have the longest distance before them in their piece, warm-up included, and a symbol after them. */
function placesFor({ model: { spec }, text }: Inspection): readonly MeasuredPlace[] {
  const cost = parameterCount(spec) * distances.reduce((sum, distance) => sum + distance, 0);
  const wanted = Math.max(fewestPlaces, Math.min(mostPlaces, Math.floor(budget / cost)));
  const suitable: MeasuredPlace[] = [];
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
