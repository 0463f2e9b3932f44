import { pieceAt, type Piece } from './pieces.ts';

/** Symbols between two saved states. */
const length = 200;

/** States inside pieces, saved from a first reading, so that parts of a piece can be read again in parallel with the same results. */
export class Segments {
  readonly #pieces: readonly Piece[];
  readonly #zero: Float32Array;
  /** By the position that is read next. */
  readonly #states = new Map<number, Float32Array>();

  constructor(pieces: readonly Piece[], zero: Float32Array) {
    this.#pieces = pieces;
    this.#zero = zero;
  }

  /** Whether the state after a position is the start of a segment. */
  isLast(position: number): boolean {
    const piece = pieceAt({ pieces: this.#pieces }, position);
    if (piece === undefined) return false;
    const next = position + 1;
    return next < piece.end && (next - piece.start) % length === 0;
  }

  keep(position: number, state: Float32Array): void {
    this.#states.set(position, state.slice());
  }

  stateBefore(position: number): Float32Array {
    return this.#states.get(position) ?? this.#zero;
  }

  /** The parts of a piece. The first has the warm-up of the piece; the others start from saved states. */
  of(piece: Piece): readonly Piece[] {
    const count = Math.ceil((piece.end - piece.start) / length);
    return Array.from({ length: count }, (_, index) => {
      const offset = index * length;
      return {
        ...piece,
        start: piece.start + offset,
        end: Math.min(piece.end, piece.start + offset + length),
        position: piece.position + offset,
        warmUp: index === 0 ? piece.warmUp : 0,
      };
    });
  }
}
