import { cellOf } from '../../shared/domain/cells.ts';
import type { UnitScale } from '../../shared/domain/inspection.ts';
import type { Unit } from '../../shared/domain/inspected-properties.ts';
import { isResidual, type ModelSpec } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { EmbeddedBackend, SamplingNetwork, TensorMap } from '../backends/backend.ts';
import { createSymbolWriter, decodeSymbols } from '../dataset/vocabulary.ts';
import { LikeStates } from './like-states.ts';
import { pieceAt, placeOf, type InspectedSymbols, type Piece } from './pieces.ts';
import { Segments } from './segments.ts';
import { readPieces, untouched, type Reading } from './states.ts';
import { UnitLevels } from './unit-levels.ts';
import { UnitSearch } from './unit-search.ts';
import { numberOfUnit, unitCount } from './units.ts';

/** Bytes of exact states that are cached for windows. */
const cacheBytes = 64e6;

/** A model's parameters, and networks that compute with them. */
export interface InspectedModel {
  readonly spec: ModelSpec;
  readonly parameters: TensorMap;
  /** Holds the current parameters. Its state is shared between calls, so work that pauses takes its own network. */
  readonly network: SamplingNetwork;
  /** Creates more networks; the caller disposes them. */
  readonly backend: EmbeddedBackend;
}

/** The exact states of a piece. */
interface PieceStates {
  /** [symbol][unit]. */
  readonly states: Float32Array;
  /** [symbol], '' for a byte that completes no character. */
  readonly texts: readonly string[];
}

/** A model that has read a text, and the queries on it. */
export class Inspection {
  readonly model: InspectedModel;
  readonly text: InspectedSymbols;
  readonly levels: UnitLevels;
  readonly search: UnitSearch;
  readonly like: LikeStates;
  /** Loss of each symbol's successor, in nats; NaN where none follows. */
  readonly losses: Float32Array;
  readonly #reading: Reading;
  readonly #segments: Segments;
  readonly #cache = new Map<Piece, PieceStates>();

  constructor(model: InspectedModel, text: InspectedSymbols) {
    const { spec } = model;
    this.model = model;
    this.text = text;
    this.levels = new UnitLevels(unitCount(spec), text.length);
    this.search = new UnitSearch(spec, text, this.levels);
    this.like = new LikeStates(spec, text.length);
    this.#reading = { ...model, model: untouched(spec, model.parameters) };
    this.#segments = new Segments(text.pieces, this.#reading.model.start);
    this.losses = new Float32Array(text.length).fill(Number.NaN);
  }

  /** Reads the whole text once, which everything else requires; yields the progress, 0..1. */
  *read(): Generator<number, void, void> {
    const { text } = this;
    const segments = this.#segments;
    yield* readPieces(this.#reading, text, text.pieces, ({ position, states, loss }) => {
      this.levels.add(position, states);
      this.like.set(position, states);
      this.losses[position] = loss;
      if (segments.isLast(position)) segments.keep(position + 1, states);
    });
  }

  /** The spread of a unit over the whole text. */
  scale(unit: Unit): UnitScale {
    return this.levels.scale(numberOfUnit(this.model.spec, unit));
  }

  /** A unit's exact activations and the symbols they belong to, from a position on; fewer at the end of the text. */
  window(unit: Unit, start: number, count: number): { readonly values: number[]; readonly texts: string[] } {
    const number = numberOfUnit(this.model.spec, unit);
    const units = unitCount(this.model.spec);
    const [values, texts]: [number[], string[]] = [[], []];
    for (let position = start; position < Math.min(this.text.length, start + count); position++) {
      const piece = this.#pieceAt(position);
      const exact = this.#exact(piece);
      values.push(exact.states[(position - piece.start) * units + number] ?? 0);
      texts.push(exact.texts[position - piece.start] ?? '');
    }
    return { values, texts };
  }

  /** Symbols from a position on, for display: '' for a byte that completes no character. */
  texts(start: number, count: number): readonly string[] {
    return Array.from(
      { length: Math.max(0, Math.min(this.text.length, start + count) - start) },
      (_, index) => {
        const piece = this.#pieceAt(start + index);
        return this.#exact(piece).texts[start + index - piece.start] ?? '';
      },
    );
  }

  /** All units after the symbol at a position. */
  statesAt(position: number): Float32Array {
    const piece = this.#pieceAt(position);
    const units = unitCount(this.model.spec);
    const first = (position - piece.start) * units;
    return this.#exact(piece).states.subarray(first, first + units);
  }

  /** The characters around a position, within its piece: `before` up to and including it, `after` after it. */
  around(
    position: number,
    before: number,
    after: number,
  ): { readonly before: string; readonly after: string } {
    const piece = this.#pieceAt(position);
    const at = placeOf(piece, position);
    const shown = (from: number, to: number): string =>
      decodeSymbols(this.text.symbols.subarray(from, to), this.text.vocabulary);
    const first = Math.max(0, placeOf(piece, piece.start) - piece.warmUp, at - before + 1);
    return { before: shown(first, at + 1), after: shown(at + 1, at + 1 + after) };
  }

  /** The last symbols up to and including a position, the warm-up of its piece included. */
  textsBefore(position: number, count: number): readonly string[] {
    const last = placeOf(this.#pieceAt(position), position);
    const { write } = createSymbolWriter(this.text.vocabulary);
    return Array.from(this.text.symbols.subarray(Math.max(0, last - count + 1), last + 1), (symbol) =>
      write(symbol),
    );
  }

  /** Logits of what follows a state, [V]: the decoder applied to the top layer's output, which with residual connections is the sum of all layers' outputs. */
  logitsOf(states: Float32Array): Float32Array {
    const { spec, parameters } = this.model;
    const [w, b] = [parameters.get('decoder.w'), parameters.get('decoder.b')];
    const perLayer = cellOf(spec).states.length * spec.rnnSize;
    const top = spec.numLayers - 1;
    const layers = isResidual(spec) ? Array.from({ length: spec.numLayers }, (_, layer) => layer) : [top];
    const output = Float64Array.from({ length: spec.rnnSize }, (_, unit) =>
      layers.reduce((sum, layer) => sum + (states[layer * perLayer + unit] ?? 0), 0),
    );
    return Float32Array.from({ length: spec.vocabularySize }, (_, symbol) => {
      const row = symbol * spec.rnnSize;
      return output.reduce(
        (sum, value, unit) => sum + value * (w?.data[row + unit] ?? 0),
        b?.data[symbol] ?? 0,
      );
    });
  }

  #pieceAt(position: number): Piece {
    const piece = pieceAt(this.text, position);
    if (piece !== undefined) return piece;
    throw new CharloomError('usage', `The text that is read has no position ${position}.`);
  }

  #exact(piece: Piece): PieceStates {
    const known = this.#cache.get(piece);
    if (known !== undefined) return known;
    const units = unitCount(this.model.spec);
    const states = new Float32Array((piece.end - piece.start) * units);
    const segments = this.#segments.of(piece);
    const startOf = ({ start }: Piece): Float32Array => this.#segments.stateBefore(start);
    const work = readPieces({ ...this.#reading, startOf }, this.text, segments, (read) =>
      states.set(read.states, (read.position - piece.start) * units),
    );
    while (work.next().done !== true);
    const { write } = createSymbolWriter(this.text.vocabulary);
    const first = placeOf(piece, piece.start);
    const all = Array.from(
      this.text.symbols.subarray(first - piece.warmUp, first + piece.end - piece.start),
      (symbol) => write(symbol),
    );
    const exact = { states, texts: all.slice(piece.warmUp) };
    const kept = Math.max(1, Math.floor(cacheBytes / states.byteLength));
    for (const old of this.#cache.keys()) if (this.#cache.size >= kept) this.#cache.delete(old);
    this.#cache.set(piece, exact);
    return exact;
  }
}
