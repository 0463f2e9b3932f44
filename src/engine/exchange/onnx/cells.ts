import { product, rowsTimes, sigmoid, split, sum, type Vector } from '../arithmetic.ts';

/** Operands of ONNX's recurrent operators for one step, one direction and one row. W [G*H, columns], R [G*H, H]. */
export interface CellValues {
  readonly x: Vector;
  readonly w: Vector;
  readonly r: Vector;
  readonly wBias: Vector;
  readonly rBias: Vector;
  readonly h: Vector;
  readonly c: Vector;
}

/** LSTM, gates i, o, f, c: Y, Y_h, Y_c. */
export function lstm({ x, w, r, wBias, rBias, h, c }: CellValues): readonly Vector[] {
  const gates = sum(rowsTimes(w, x), wBias, rowsTimes(r, h), rBias);
  const [i, o, f, candidate] = four(split(gates, 4));
  const cell = sum(product(f.map(sigmoid), c), product(i.map(sigmoid), candidate.map(Math.tanh)));
  const output = product(o.map(sigmoid), cell.map(Math.tanh));
  return [output, output, cell];
}

/** GRU, gates z, r, h, the reset before the product: Y, Y_h. Ht = (1 - z) * candidate + z * H. */
export function gru({ x, w, r, wBias, rBias, h }: CellValues): readonly Vector[] {
  const [fromZ, fromR, fromH] = three(split(sum(rowsTimes(w, x), wBias), 3));
  const [rowsZ, rowsR, rowsH] = three(split(r, 3));
  const [biasZ, biasR, biasH] = three(split(rBias, 3));
  const z = sum(fromZ, rowsTimes(rowsZ, h), biasZ).map(sigmoid);
  const reset = sum(fromR, rowsTimes(rowsR, h), biasR).map(sigmoid);
  const candidate = sum(fromH, rowsTimes(rowsH, product(reset, h)), biasH).map(Math.tanh);
  const output = sum(
    product(
      z.map((value) => 1 - value),
      candidate,
    ),
    product(z, h),
  );
  return [output, output];
}

/** RNN with tanh: Y, Y_h. */
export function rnn({ x, w, r, wBias, rBias, h }: CellValues): readonly Vector[] {
  const output = sum(rowsTimes(w, x), wBias, rowsTimes(r, h), rBias).map(Math.tanh);
  return [output, output];
}

function four(parts: readonly Vector[]): readonly [Vector, Vector, Vector, Vector] {
  const [a, b, c, d] = parts;
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new RangeError('too few gates');
  return [a, b, c, d];
}

function three(parts: readonly Vector[]): readonly [Vector, Vector, Vector] {
  const [a, b, c] = parts;
  if (a === undefined || b === undefined || c === undefined) throw new RangeError('too few gates');
  return [a, b, c];
}
