import type { EmbeddedBackend, ReadingNetwork, SamplingNetwork } from '../backends/backend.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { HeldModel } from './hold-units.ts';
import { placeOf, type InspectedSymbols, type Piece } from './pieces.ts';
import { unitCount } from './units.ts';

/** Pieces read in parallel, and symbols of each per step. */
const mostRows = 64;
const mostColumns = 25;

/** A symbol has been read. */
export interface ReadSymbol {
  /** Position among the symbols of all pieces. */
  readonly position: number;
  /** All units, by unit number (units.ts). Overwritten by the next symbol. */
  readonly states: Float32Array;
  /** Loss of the symbol that follows, in nats; NaN where none does. */
  readonly loss: number;
}

/** The backend and model that read, and their initial states. */
export interface Reading {
  readonly backend: EmbeddedBackend;
  readonly spec: ModelSpec;
  readonly model: HeldModel;
  /** The state a piece starts from, if not the model's own start. */
  readonly startOf?: (piece: Piece) => Float32Array;
}

type Read = (symbol: ReadSymbol) => void;
type ReadText = Pick<InspectedSymbols, 'symbols' | 'starts'>;

/**
 * Reads pieces and passes on each of their symbols, those of one piece in order, those of different ones interleaved. Every piece is read from its
 * start: first `warmUp` symbols before it, which are not passed on, then its own. Where a record starts all states are reset (docs/records.md), so a
 * text of records is read one symbol at a time. Yields the progress.
 */
export function* readPieces(
  reading: Reading,
  text: ReadText,
  pieces: readonly Piece[],
  read: Read,
): Generator<number, void, void> {
  if (text.starts !== undefined) return yield* readRecords(reading, text, pieces, read);
  const { backend, spec, model, startOf } = reading;
  const groups = Math.max(1, Math.ceil(pieces.length / mostRows));
  const rows = Math.ceil(pieces.length / groups);
  if (rows === 0) return;
  const network = backend.createReadingNetwork(spec, rows, Math.min(mostColumns, longestOf(pieces)));
  try {
    network.importTensors(model.parameters);
    for (let group = 0; group < groups; group++) {
      const own = pieces.slice(group * rows, (group + 1) * rows);
      network.reset((row) => {
        const piece = own[row];
        return piece === undefined ? model.start : (startOf?.(piece) ?? model.start);
      });
      for (const fraction of readSideBySide(network, text, own, read)) yield (group + fraction) / groups;
    }
  } finally {
    network.dispose();
  }
}

function* readSideBySide(
  network: ReadingNetwork,
  { symbols }: ReadText,
  pieces: readonly Piece[],
  read: Read,
): Generator<number, void, void> {
  const { rows, columns } = network;
  const states = new Float32Array(unitCount(network.spec));
  const [x, y] = [new Int32Array(rows * columns), new Int32Array(rows * columns)];
  const longest = longestOf(pieces);
  for (let step = 0; step < longest; step += columns) {
    pieces.forEach(({ position, warmUp }, row) => {
      for (let column = 0; column < columns; column++) {
        const place = position - warmUp + step + column;
        x[row * columns + column] = symbols[place] ?? 0;
        y[row * columns + column] = symbols[place + 1] ?? 0;
      }
    });
    network.read({ x, y });
    for (const [row, piece] of pieces.entries()) {
      for (let column = 0; column < columns; column++) {
        const position = piece.start - piece.warmUp + step + column;
        if (position < piece.start || position >= piece.end) continue;
        network.readState(row, column, states);
        const isLast = placeOf(piece, position) + 1 >= symbols.length;
        read({ position, states, loss: isLast ? Number.NaN : network.lossAt(row, column) });
      }
    }
    yield Math.min(1, (step + columns) / longest);
  }
}

/** Symbols of the longest piece, warm-up included. */
function longestOf(pieces: readonly Piece[]): number {
  return Math.max(...pieces.map(({ start, end, warmUp }) => warmUp + end - start));
}

/** Symbols between two progress reports. */
const toldEvery = 256;

function* readRecords(
  { backend, spec, model, startOf }: Reading,
  { symbols, starts }: ReadText,
  pieces: readonly Piece[],
  read: Read,
): Generator<number, void, void> {
  const network = backend.createSamplingNetwork(spec);
  try {
    network.importTensors(model.parameters);
    const all = pieces.reduce((sum, { start, end, warmUp }) => sum + warmUp + end - start, 0);
    let done = 0;
    for (const piece of pieces) {
      network.writeSamplingState(startOf?.(piece) ?? model.start);
      for (let position = piece.start - piece.warmUp; position < piece.end; position++) {
        const place = placeOf(piece, position);
        if (starts?.[place] === 1) network.writeSamplingState(model.start);
        const logits = network.sampleStep(symbols[place] ?? 0);
        if (++done % toldEvery === 0) yield done / all;
        if (position < piece.start) continue;
        const target = symbols[place + 1];
        const loss = target === undefined ? Number.NaN : lossOf(logits, target);
        read({ position, states: network.readSamplingState(), loss });
      }
    }
  } finally {
    network.dispose();
  }
}

/** A model without held units: it starts from zero. */
export function untouched(spec: ModelSpec, parameters: HeldModel['parameters']): HeldModel {
  return { parameters, start: new Float32Array(unitCount(spec)) };
}

/** -log P(symbol), in nats. */
export function lossOf(logits: Float32Array, symbol: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return Math.log(sum) + largest - (logits[symbol] ?? 0);
}

/** Puts a network into its state after the symbol at a place, reading at most `lead` symbols before it, and never before `begin`. */
export function readUpTo(
  network: SamplingNetwork,
  { symbols, starts }: ReadText,
  place: number,
  { begin, lead }: { readonly begin: number; readonly lead: number },
): void {
  network.resetSampling();
  for (let at = Math.max(begin, place - lead + 1); at <= place; at++) {
    if (starts?.[at] === 1) network.resetSampling();
    network.sampleStep(symbols[at] ?? 0);
  }
}
