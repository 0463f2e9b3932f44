import { damaged } from './errors.ts';
import { isTensor, type T7Tensor, type T7Value } from './values.ts';

/** Number of elements in a tensor: 0 for one without dimensions. */
export function tensorSize({ shape }: T7Tensor): number {
  return shape.length === 0 ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Checks that a view lies within its storage, so that reading it cannot leave the file. Throws CharloomError('bad-checkpoint'). */
export function checkTensor(tensor: T7Tensor): void {
  const { shape, strides, start, storage } = tensor;
  const isSound = [...shape, start].every((size) => size >= 0) && strides.every((step) => step >= 0);
  if (!isSound) throw damaged('it holds a tensor of a size that cannot be');
  const size = tensorSize(tensor);
  if (size === 0) return;
  const last = shape.reduce((at, length, dimension) => at + (length - 1) * (strides[dimension] ?? 0), start);
  if (storage === null || last >= storage.count) {
    throw damaged('it holds a tensor that reaches beyond its numbers');
  }
}

/**
 * The numbers of a matrix or vector of this shape, row by row; undefined for anything else, including a tensor that is empty or repeats its numbers: no
 * weights do, and it could have any number of rows.
 */
export function numbersOf(value: T7Value, shape: readonly number[]): Float64Array | undefined {
  if (!isTensor(value) || value.storage === null || value.shape.join() !== shape.join()) return undefined;
  const size = tensorSize(value);
  if (size === 0 || size > value.storage.count) return undefined;
  const [rows = 1, columns] = shape.length === 1 ? [1, ...shape] : shape;
  const [rowStep = 0, columnStep = 0] = shape.length === 1 ? [0, ...value.strides] : value.strides;
  const numbers = new Float64Array(rows * (columns ?? 0));
  for (let row = 0, index = 0; row < rows; row++) {
    for (let column = 0; column < (columns ?? 0); column++, index++) {
      numbers[index] = value.storage.at(value.start + row * rowStep + column * columnStep);
    }
  }
  return numbers;
}

/** Rows and columns of a matrix, at least one of each; undefined for anything else. */
export function matrixShape(value: T7Value): readonly [rows: number, columns: number] | undefined {
  const [rows, columns, ...more] = isTensor(value) ? value.shape : [];
  const isMatrix = rows !== undefined && columns !== undefined && more.length === 0 && rows * columns > 0;
  return isMatrix ? [rows, columns] : undefined;
}
