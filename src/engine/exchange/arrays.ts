/** Converts weights to another layout. All matrices are row-major. */

/** The blocks of `rows` rows in another order: the gates of a cell as another program stacks them. */
export function reorderBlocks(data: Float32Array, order: readonly number[]): Float32Array {
  const size = data.length / order.length;
  const result = new Float32Array(data.length);
  order.forEach((from, to) => result.set(data.subarray(from * size, (from + 1) * size), to * size));
  return result;
}

/** A matrix [rows, columns] transposed to [columns, rows]. */
export function transpose(data: Float32Array, rows: number): Float32Array {
  const columns = data.length / rows;
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = data[row * columns + column] ?? NaN;
    }
  }
  return result;
}

/** The first `count` numbers negated: for a gate that another program defines as 1 minus ours. */
export function negateFirst(data: Float32Array, count: number): Float32Array {
  return data.map((value, index) => (index < count ? -value : value));
}

/** The sum of two vectors of equal length. */
export function add(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, index) => value + (b[index] ?? NaN));
}

/** Concatenates arrays. */
export function join(...parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** The bytes of an array, little-endian as on every machine that Charloom runs on. */
export function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The numbers in a byte array. */
export function numbersIn(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
