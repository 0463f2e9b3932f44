const { fround } = Math;

/** The transpose of a row-major matrix [rows, columns]. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return result;
}

/**
 * target += source * weights; source [K], weights [K, N] row-major, target [N]. Every element sums its terms in ascending order, each rounded once to
 * float32 as a fused multiply-add is: the order and the rounding of the kernels. Four terms at a time, which saves reading and writing the target.
 */
export function addProduct(source: Float32Array, weights: Float32Array, target: Float32Array): void {
  const terms = source.length;
  const columns = target.length;
  const blocks = terms - (terms % 4);
  for (let term = 0; term < blocks; term += 4) {
    const a = source[term] ?? 0;
    const b = source[term + 1] ?? 0;
    const c = source[term + 2] ?? 0;
    const d = source[term + 3] ?? 0;
    const first = term * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    for (let at = 0; at < columns; at++) {
      let sum = fround((target[at] ?? 0) + a * (weights[first + at] ?? 0));
      sum = fround(sum + b * (weights[second + at] ?? 0));
      sum = fround(sum + c * (weights[third + at] ?? 0));
      target[at] = sum + d * (weights[fourth + at] ?? 0);
    }
  }
  for (let term = blocks; term < terms; term++) {
    const value = source[term] ?? 0;
    const row = term * columns;
    for (let at = 0; at < columns; at++) {
      target[at] = (target[at] ?? 0) + value * (weights[row + at] ?? 0);
    }
  }
}
