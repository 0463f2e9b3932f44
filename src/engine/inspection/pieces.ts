import type { SymbolArray, Vocabulary } from '../dataset/corpus.ts';
import { maxInspectedSymbols } from '../../shared/domain/inspection.ts';
import type { Stretch } from '../../shared/planning/streams.ts';

/** A part of a text that is read in one go: from zero states, starting `warmUp` symbols before it. */
export interface Piece {
  /** Its first symbol, and the one after its last, among the symbols of all pieces. */
  readonly start: number;
  readonly end: number;
  /** The position of its first symbol in the text. */
  readonly position: number;
  readonly warmUp: number;
  readonly learned: boolean;
  /** From here on its symbols are for scoring; those before are for choosing. */
  readonly scoresFrom: number;
}

/** A part of a text, in its symbols. */
export type Range = Pick<Stretch, 'start' | 'end'>;

/** The parts of a text that are read. Positions count the symbols of all pieces; places those of the whole text. */
export interface InspectedSymbols {
  readonly vocabulary: Vocabulary;
  /** The whole text. */
  readonly symbols: SymbolArray;
  /** For every symbol of the text, 1 where a record starts; undefined if it has no records. */
  readonly starts: Uint8Array | undefined;
  readonly pieces: readonly Piece[];
  /** Number of symbols in all pieces. */
  readonly length: number;
  /** Where a table of the last symbols is trained: never the scored part. */
  readonly tableRanges: readonly Range[];
}

/** Symbols of a piece, if the text is long enough. */
const pieceLength = 2000;
/** A text up to this length is read as a whole, so that its states are those that the model has when it writes the text. */
const wholeLength = 4000;
/** Symbols read before a piece and not counted: its states are then those in the middle of a text, not at its start. */
const warmUpLength = 400;
/** Most symbols that a table of the last symbols is trained on. */
const maxTableSymbols = 500_000;
const tableBlock = 25_000;

type Text = Pick<InspectedSymbols, 'vocabulary' | 'symbols' | 'starts'>;

/**
 * The training text of a model: half of what is read is held out, for scoring; the other half was trained on, for choosing. The held-out part is first.
 * @param stretches of the whole text, in order
 */
export function learnedPieces(
  text: Text,
  stretches: readonly Stretch[],
  limit = maxInspectedSymbols,
): InspectedSymbols {
  const learned = stretches.filter(({ place }) => place === 'train');
  const heldOut = stretches.filter(({ place }) => place === 'validation' || place === 'test');
  if (heldOut.length === 0) {
    return joined(text, alternating(cut(learned, limit), true), blocks(learned));
  }
  const scoring = cut(heldOut, limit / 2).map((range) => ({ ...range, learned: false, chooses: 0 }));
  const choosing = cut(learned, limit / 2).map((range) => ({ ...range, learned: true, chooses: 1 }));
  return joined(text, [...scoring, ...choosing], blocks(learned));
}

/**
 * Any other text, from its beginning: every other piece is for choosing, the rest for scoring. A short text is one piece, of which the first half is for
 * choosing.
 */
export function otherPieces(text: Text, limit = maxInspectedSymbols): InspectedSymbols {
  const end = Math.min(text.symbols.length, limit);
  if (end <= wholeLength) {
    const range = { start: 0, end, learned: false, chooses: 0.5 };
    return joined(text, [range], [{ start: 0, end: Math.floor(end / 2) }]);
  }
  const pieces = alternating(cut([{ start: 0, end }], limit), false);
  return joined(
    text,
    pieces,
    pieces.filter(({ chooses }) => chooses === 1),
  );
}

interface CutRange extends Range {
  readonly learned: boolean;
  /** Fraction of its symbols, from the first on, that are for choosing. */
  readonly chooses: number;
}

function alternating(ranges: readonly Range[], learned: boolean): readonly CutRange[] {
  return ranges.map(({ start, end }, index) => ({ start, end, learned, chooses: index % 2 === 0 ? 1 : 0 }));
}

/** Equal parts of about `length` symbols; evenly spread ones if all together would exceed `limit` symbols. */
function cut(ranges: readonly Range[], limit: number, length = pieceLength): readonly Range[] {
  const all = ranges.flatMap(({ start, end }) => {
    const count = Math.ceil((end - start) / length);
    const edge = (index: number): number => start + Math.floor(((end - start) * index) / count);
    return Array.from({ length: count }, (_, index) => ({ start: edge(index), end: edge(index + 1) }));
  });
  const total = all.reduce((sum, { start, end }) => sum + end - start, 0);
  if (total <= limit) return all;
  const wanted = Math.max(1, Math.floor((all.length * limit) / total));
  return Array.from({ length: wanted }, (_, index) => all[Math.floor((index * all.length) / wanted)]).filter(
    (range) => range !== undefined,
  );
}

function blocks(ranges: readonly Range[]): readonly Range[] {
  return cut(ranges, maxTableSymbols, tableBlock);
}

function joined(text: Text, ranges: readonly CutRange[], tableRanges: readonly Range[]): InspectedSymbols {
  let at = 0;
  const pieces = ranges.map(({ start, end, learned, chooses }) => {
    const first = at;
    at += end - start;
    const warmUp = Math.min(warmUpLength, start);
    const scoresFrom = first + Math.floor((end - start) * chooses);
    return { start: first, end: at, position: start, warmUp, learned, scoresFrom };
  });
  return { ...text, pieces, length: at, tableRanges };
}

/** The piece that a position is in. */
export function pieceAt({ pieces }: Pick<InspectedSymbols, 'pieces'>, position: number): Piece | undefined {
  return pieces.find(({ start, end }) => position >= start && position < end);
}

/** The place in the text of the symbol at a position. */
export function placeOf({ start, position: place }: Piece, position: number): number {
  return place + position - start;
}
