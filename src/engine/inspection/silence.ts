import { holdUnits, type HeldUnit } from './hold-units.ts';
import type { Inspection } from './inspection.ts';
import { pieceAt, placeOf } from './pieces.ts';
import { readPieces } from './states.ts';

export interface SymbolLoss {
  readonly index: number;
  /** Number of occurrences. */
  readonly count: number;
  /** Mean losses, nats. */
  readonly untouched: number;
  readonly held: number;
}

export interface SilencedLoss {
  readonly untouched: number;
  readonly held: number;
  /** By the symbol that follows, the largest total rise of the loss first. */
  readonly symbols: readonly SymbolLoss[];
}

/** How much holding units raises the loss on the part of the text for scoring, by the symbol that comes next. */
export function* measureHeld(
  inspection: Inspection,
  held: readonly HeldUnit[],
): Generator<number, SilencedLoss, void> {
  const { model, text, losses } = inspection;
  const size = model.spec.vocabularySize;
  const [counts, before, after] = [new Uint32Array(size), new Float64Array(size), new Float64Array(size)];
  const reading = {
    backend: model.backend,
    spec: model.spec,
    model: holdUnits(model.spec, model.parameters, held),
  };
  const scoring = text.pieces.filter(({ scoresFrom, end }) => scoresFrom < end);
  const scores = new Uint8Array(text.length);
  for (const piece of scoring) scores.fill(1, piece.scoresFrom, piece.end);
  const targetAt = (position: number): number | undefined => {
    const piece = pieceAt(text, position);
    return piece === undefined ? undefined : text.symbols[placeOf(piece, position) + 1];
  };
  yield* readPieces(reading, text, scoring, ({ position, loss }) => {
    const target = targetAt(position);
    if (scores[position] === 0 || target === undefined) return;
    counts[target] = (counts[target] ?? 0) + 1;
    before[target] = (before[target] ?? 0) + (losses[position] ?? 0);
    after[target] = (after[target] ?? 0) + loss;
  });
  const total = Math.max(1, sum(counts));
  const symbols = [...counts.keys()]
    .filter((index) => (counts[index] ?? 0) > 0)
    .sort((a, b) => rise(b, before, after) - rise(a, before, after))
    .map((index) => ({
      index,
      count: counts[index] ?? 0,
      untouched: (before[index] ?? 0) / (counts[index] ?? 1),
      held: (after[index] ?? 0) / (counts[index] ?? 1),
    }));
  return { untouched: sum(before) / total, held: sum(after) / total, symbols };
}

function rise(index: number, before: Float64Array, after: Float64Array): number {
  return (after[index] ?? 0) - (before[index] ?? 0);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
