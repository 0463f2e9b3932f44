import type { NetworkShape } from '../shape.ts';

/**
 * The places of layer normalisation's data in its two buffers, in vectors of four floats. There are only two, because a shader is guaranteed no more
 * than eight.
 */
export interface NormalisedPlaces {
  /** Derived from the parameters before the layers run: `effective`. */
  readonly effective: {
    /** [L][H][G * H]: recurrent matrices, after weight drop, minus the mean of each group's columns in every row. */
    readonly recurrent: number;
    /** [L - 1][H][G * H]: input matrices of layers 1 and up, minus the mean of all columns in every row. */
    readonly input: number;
    /** [L][G * H][H]: the recurrent ones transposed, for the backward pass. */
    readonly turned: number;
    /** [V][G * H]: layer 0's input for each symbol, normalised, with gain and biases; the same before gain and biases; [V]: 1 / deviation. */
    readonly table: number;
    readonly tableNormed: number;
    readonly tableScale: number;
    readonly vectors: number;
  };
  /** Stored by the layers: `normed`. */
  readonly normed: {
    /** [L][N][G * H]: normalised recurrent products; in the backward pass, their gradients. */
    readonly recurrent: number;
    /** [L - 1][N][G * H]: the same for the inputs of layers 1 and up. */
    readonly input: number;
    /** [L][N][2]: 1 / deviation of the input and of each group; mean and 1 / deviation of the cell state. */
    readonly scales: number;
    /** [L][B][floats of a layer's extra parameters]: their gradients, for each row of the batch. */
    readonly gains: number;
    /** [L][B][H]: what came back through the last recurrent product. */
    readonly through: number;
    readonly vectors: number;
  };
}

/** Floats of the gains and biases of a layer, one after another in canonical order. */
export function gainFloats({ cell, units }: NetworkShape): number {
  return cell.extraParameters.reduce((sum, { blocks }) => sum + blocks * units, 0);
}

/** Lays both buffers out. */
export function placesOf(shape: NetworkShape): NormalisedPlaces {
  const { spec, units, columns, rows, batchSize } = shape;
  const { numLayers: layers, vocabularySize } = spec;
  const matrix = (units * columns) / 4;
  const step = (rows * columns) / 4;
  const table = (vocabularySize * columns) / 4;
  const [recurrent, input, turned, tableAt, tableNormed, tableScale, vectors] = running([
    ...[layers * matrix, (layers - 1) * matrix, layers * matrix],
    ...[table, table, vocabularySize],
  ]);
  const [hats, inputHats, scales, gains, through, normedVectors] = running([
    ...[layers * step, (layers - 1) * step, layers * rows * 2],
    ...[(layers * batchSize * gainFloats(shape)) / 4, (layers * batchSize * units) / 4],
  ]);
  return {
    effective: { recurrent, input, turned, table: tableAt, tableNormed, tableScale, vectors },
    normed: { recurrent: hats, input: inputHats, scales, gains, through, vectors: normedVectors },
  };
}

/** Sizes of both buffers in floats. */
export function normalisedFloats(shape: NetworkShape): {
  readonly effective: number;
  readonly normed: number;
} {
  const { effective, normed } = placesOf(shape);
  return { effective: effective.vectors * 4, normed: normed.vectors * 4 };
}

type Running = readonly [number, number, number, number, number, number, number];

/** The start of each of several consecutive pieces, and the end of the last. */
function running(lengths: readonly number[]): Running {
  let end = 0;
  const starts = lengths.map((length) => (end += length) - length);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = end, g = end] = [...starts, end];
  return [a, b, c, d, e, f, g];
}
