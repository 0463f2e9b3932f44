import { elementCount } from '../../../shared/domain/model-tensors.ts';
import type { TensorData } from '../backend.ts';
import { kernelConstants, padded } from './fields/constants.ts';
import { paddedRows, type ParameterPlace } from './parameter-places.ts';

const { PANEL } = kernelConstants;

/**
 * Converts between the canonical layout ([out, in], row-major, no padding) and the kernels' panels: W[r][k] is at panel(r')[k][r' mod 16], where r'
 * is r with every block moved to start at a multiple of 16.
 */

/** Calls `visit(canonical index, stored index)` for every true element of a parameter. */
function eachElement(
  place: ParameterPlace,
  [rows = 0, columns = 1]: readonly number[],
  visit: (canonical: number, stored: number) => void,
): void {
  const { depth } = place;
  paddedRows(place, rows).forEach((stored, row) => {
    if (depth === undefined) {
      visit(row, stored);
      return;
    }
    const base = Math.floor(stored / PANEL) * depth * PANEL + (stored % PANEL);
    for (let column = 0; column < columns; column++) visit(row * columns + column, base + column * PANEL);
  });
}

/** Copies one parameter-like tensor out of `stored`, the padded floats of its place. */
export function readParameter(
  place: ParameterPlace,
  shape: readonly number[],
  stored: Float32Array,
): TensorData {
  const data = new Float32Array(elementCount(shape));
  eachElement(place, shape, (canonical, index) => {
    data[canonical] = stored[index] ?? 0;
  });
  return { shape, data };
}

/** Copies one parameter-like tensor in; padding is not touched. */
export function writeParameter(place: ParameterPlace, tensor: TensorData, stored: Float32Array): void {
  eachElement(place, tensor.shape, (canonical, index) => {
    stored[index] = tensor.data[canonical] ?? 0;
  });
}

/** Copies a state [rows, H] out of [rows, Hp]. */
export function readRows(rows: number, width: number, stored: Float32Array): TensorData {
  const stride = padded(width);
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    data.set(stored.subarray(row * stride, row * stride + width), row * width);
  }
  return { shape: [rows, width], data };
}

/** Copies a state [rows, H] into [rows, Hp]. */
export function writeRows(rows: number, width: number, source: Float32Array, stored: Float32Array): void {
  const stride = padded(width);
  for (let row = 0; row < rows; row++) {
    stored.set(source.subarray(row * width, (row + 1) * width), row * stride);
  }
}
