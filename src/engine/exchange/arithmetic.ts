/** Plain float64 arithmetic on vectors, for the evaluators that check an export. Slow, and obviously correct. */
export type Vector = Float64Array;

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Combines two vectors element by element; one of length 1 is repeated. */
export function zip(a: Vector, b: Vector, combine: (a: number, b: number) => number): Vector {
  const length = Math.max(a.length, b.length);
  return Float64Array.from({ length }, (_, index) =>
    combine(a[a.length === 1 ? 0 : index] ?? NaN, b[b.length === 1 ? 0 : index] ?? NaN),
  );
}

/** The sum of several vectors. */
export function sum(...vectors: readonly Vector[]): Vector {
  return vectors.reduce((a, b) => zip(a, b, (x, y) => x + y));
}

/** The element-wise product of two vectors. */
export function product(a: Vector, b: Vector): Vector {
  return zip(a, b, (x, y) => x * y);
}

/** A vector with a single 1. */
export function oneHot(index: number, length: number): Vector {
  const vector = new Float64Array(length);
  vector[index] = 1;
  return vector;
}

/** W x for W [rows, columns], row-major; the result has `rows` elements. */
export function rowsTimes(matrix: ArrayLike<number>, x: Vector): Vector {
  const columns = x.length;
  const result = new Float64Array(matrix.length / columns);
  for (let row = 0, at = 0; row < result.length; row++) {
    let total = 0;
    for (let column = 0; column < columns; column++, at++) total += (matrix[at] ?? NaN) * (x[column] ?? NaN);
    result[row] = total;
  }
  return result;
}

/** x W for W [rows, columns], row-major, where x has `rows` elements. Rows where x is zero are skipped: a one-hot vector has one other. */
export function timesColumns(x: Vector, matrix: ArrayLike<number>): Vector {
  const columns = matrix.length / x.length;
  const result = new Float64Array(columns);
  x.forEach((factor, row) => {
    if (factor === 0) return;
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      result[column] = (result[column] ?? NaN) + factor * (matrix[start + column] ?? NaN);
    }
  });
  return result;
}

/** A vector split into `count` equal parts. */
export function split(vector: Vector, count: number): readonly Vector[] {
  const size = vector.length / count;
  return Array.from({ length: count }, (_, part) => vector.subarray(part * size, (part + 1) * size));
}
