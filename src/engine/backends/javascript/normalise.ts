import { normEpsilon } from '../../../shared/domain/cells.ts';
import { multiplyAdd } from './float32.ts';

/**
 * Layer normalisation as in the kernels (src/kernels/assembly/normalise.ts). They sum in vectors of four; a block of H numbers starts at lane 0 for
 * any H, so an element's position in its block decides which partial sum it belongs to.
 */

const { fround } = Math;
const epsilon = fround(normEpsilon);
/** Four vectors of four. */
const parts = new Float32Array(16);

function part(at: number): number {
  return parts[at] ?? 0;
}

/** The sum of four vectors of four, in the kernels' order. */
function sumOfParts(): number {
  const lane = (at: number): number =>
    fround(fround(part(at) + part(8 + at)) + fround(part(4 + at) + part(12 + at)));
  return fround(fround(lane(0) + lane(1)) + fround(lane(2) + lane(3)));
}

function sumOf(row: Float32Array, size: number): number {
  parts.fill(0);
  for (let at = 0; at < row.length; at++) {
    const place = (at % size) & 15;
    parts[place] = part(place) + (row[at] ?? 0);
  }
  return sumOfParts();
}

function squaresAround(row: Float32Array, size: number, mean: number): number {
  parts.fill(0);
  for (let at = 0; at < row.length; at++) {
    const place = (at % size) & 15;
    const distance = fround((row[at] ?? 0) - mean);
    parts[place] = part(place) + distance * distance;
  }
  return sumOfParts();
}

/**
 * target += gain * (row - mean) / sqrt(variance + epsilon).
 * @param row whole blocks of `size` numbers; gain and target have as many
 */
export function addNormalised(
  row: Float32Array,
  size: number,
  gain: Float32Array,
  target: Float32Array,
): void {
  const share = fround(1 / row.length);
  const mean = fround(sumOf(row, size) * share);
  const variance = fround(squaresAround(row, size, mean) * share);
  const scale = inverseRoot(variance);
  for (let at = 0; at < row.length; at++) {
    const hat = fround(fround((row[at] ?? 0) - mean) * scale);
    target[at] = multiplyAdd(hat, gain[at] ?? 0, target[at] ?? 0);
  }
}

/** Writes gain * (cell - mean) / sqrt(variance + epsilon) + bias into `target`; a cell state is summed in two vectors of four. */
export function normaliseCell(
  cell: Float32Array,
  gain: Float32Array,
  bias: Float32Array,
  target: Float32Array,
): void {
  parts.fill(0);
  for (let at = 0; at < cell.length; at++) parts[at & 7] = part(at & 7) + (cell[at] ?? 0);
  const mean = fround(sumOfParts() / cell.length);
  const scale = inverseRoot(fround(squaresAround(cell, cell.length, mean) / cell.length));
  for (let at = 0; at < cell.length; at++) {
    const hat = fround(fround((cell[at] ?? 0) - mean) * scale);
    target[at] = multiplyAdd(hat, gain[at] ?? 0, bias[at] ?? 0);
  }
}

function inverseRoot(variance: number): number {
  return fround(1 / fround(Math.sqrt(fround(variance + epsilon))));
}
