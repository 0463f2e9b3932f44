import { CharloomError } from '../../../shared/errors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { elementCount, gateCount, type TensorShape } from '../../../shared/domain/model-tensors.ts';
import type { TensorData, TensorMap } from '../backend.ts';
import { inputRows, padded, type ParameterPlace } from './layout.ts';

/**
 * Between the canon ([out, in], row-major, no padding) and the kernels' panels: W[r][k] lies at panel(r')[k][r' mod 16], where r' is
 * r with every gate's rows moved to a multiple of 16.
 */

/** Padded output row of each true one: gates start at multiples of Hp. */
function paddedRows(spec: ModelSpec, name: string): Int32Array {
  if (name.startsWith('decoder.')) return Int32Array.from({ length: spec.vocabularySize }, (_, row) => row);
  const size = spec.rnnSize;
  return Int32Array.from(
    { length: gateCount(spec.model) * size },
    (_, row) => Math.floor(row / size) * padded(size) + (row % size),
  );
}

/** Rows of the panels a matrix is stored in. */
function panelRows(spec: ModelSpec, name: string): number {
  const layer = /^layers\.(\d+)\.wx$/.exec(name);
  return layer === null ? padded(spec.rnnSize) : inputRows(spec, Number(layer[1]));
}

/** Calls `visit(canonical index, stored index)` for every true element of a parameter. */
function eachElement(
  spec: ModelSpec,
  place: ParameterPlace,
  shape: readonly number[],
  visit: (canonical: number, stored: number) => void,
): void {
  const rows = paddedRows(spec, place.name);
  if (place.kind === 'vector') {
    rows.forEach((stored, row) => visit(row, stored));
    return;
  }
  const columns = shape[1] ?? 0;
  const depth = panelRows(spec, place.name);
  rows.forEach((stored, row) => {
    const base = Math.floor(stored / 16) * depth * 16 + (stored % 16);
    for (let column = 0; column < columns; column++) visit(row * columns + column, base + column * 16);
  });
}

/** Copies one parameter-like tensor out of `stored`, the padded floats of its place. */
export function readParameter(
  spec: ModelSpec,
  place: ParameterPlace,
  shape: readonly number[],
  stored: Float32Array,
): TensorData {
  const data = new Float32Array(elementCount(shape));
  eachElement(spec, place, shape, (canonical, index) => {
    data[canonical] = stored[index] ?? 0;
  });
  return { shape, data };
}

/** Copies one parameter-like tensor in; padding is not touched. */
export function writeParameter(
  spec: ModelSpec,
  place: ParameterPlace,
  tensor: TensorData,
  stored: Float32Array,
): void {
  eachElement(spec, place, tensor.shape, (canonical, index) => {
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

/** Finds a tensor and checks its shape against what the network expects. */
export function requireTensor(tensors: TensorMap, { name, shape }: TensorShape): TensorData {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new CharloomError('incompatible', `The tensor ${name} is missing.`);
  const fits =
    tensor.shape.length === shape.length && shape.every((size, axis) => tensor.shape[axis] === size);
  if (!fits || tensor.data.length !== elementCount(shape)) {
    throw new CharloomError(
      'incompatible',
      `The tensor ${name} has shape [${tensor.shape.join(', ')}] where this network needs [${shape.join(', ')}].`,
    );
  }
  return tensor;
}
