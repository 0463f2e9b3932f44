import { elementCount } from '../../../shared/domain/model-tensors.ts';
import type { ParameterPlace } from './layout.ts';

/** Canonical rows that are transposed together, so that reads and writes both stay in the processor's cache. */
const blockRows = 32;
const blockColumns = 256;

/** Calls `turn` for blocks of a matrix that fit into the cache: canonical rows [firstRow, lastRow), columns [first, last). */
function forEachBlock(
  { columnOf, inputs }: ParameterPlace,
  turn: (firstRow: number, lastRow: number, first: number, last: number) => void,
): void {
  for (let row = 0; row < columnOf.length; row += blockRows) {
    for (let column = 0; column < inputs; column += blockColumns) {
      turn(row, Math.min(row + blockRows, columnOf.length), column, Math.min(column + blockColumns, inputs));
    }
  }
}

/** Writes a canonical tensor, row-major, to its place in the flat array of all parameters. Padding is not touched. */
export function packParameter(place: ParameterPlace, data: Float32Array, flat: Float32Array): void {
  const { columnOf, inputs, offset, width } = place;
  forEachBlock(place, (firstRow, lastRow, first, last) => {
    for (let row = firstRow; row < lastRow; row++) {
      let to = offset + (columnOf[row] ?? 0) + first * width;
      const from = row * inputs;
      for (let column = first; column < last; column++) {
        flat[to] = data[from + column] ?? 0;
        to += width;
      }
    }
  });
}

/** Reads a canonical tensor, row-major, from its place in the flat array of all parameters. */
export function unpackParameter(place: ParameterPlace, flat: Float32Array): Float32Array {
  const { columnOf, inputs, offset, width } = place;
  const data = new Float32Array(columnOf.length * inputs);
  forEachBlock(place, (firstRow, lastRow, first, last) => {
    for (let row = firstRow; row < lastRow; row++) {
      let from = offset + (columnOf[row] ?? 0) + first * width;
      const to = row * inputs;
      for (let column = first; column < last; column++) {
        data[to + column] = flat[from] ?? 0;
        from += width;
      }
    }
  });
  return data;
}

/** Spreads the rows of [rows, width] over rows of `paddedWidth` floats, from `offset` on. */
export function padRows(
  data: Float32Array,
  [rows, width]: readonly [number, number],
  { target, offset, paddedWidth }: { target: Float32Array; offset: number; paddedWidth: number },
): void {
  for (let row = 0; row < rows; row++) {
    target.set(data.subarray(row * width, (row + 1) * width), offset + row * paddedWidth);
  }
}

/** Gathers [rows, width] from rows of `paddedWidth` floats, from `offset` on. */
export function unpadRows(
  shape: readonly [number, number],
  { source, offset, paddedWidth }: { source: Float32Array; offset: number; paddedWidth: number },
): Float32Array {
  const [rows, width] = shape;
  const data = new Float32Array(elementCount(shape));
  for (let row = 0; row < rows; row++) {
    const from = offset + row * paddedWidth;
    data.set(source.subarray(from, from + width), row * width);
  }
  return data;
}
