import { badCheckpoint } from '../../checkpoints/errors.ts';

/** 2 GB of float64. Only a malicious file has as many symbols and units. */
const mostNumbers = 2 ** 28;

/**
 * The first layer's input weights for one-hot symbols if the other program uses an embedding: wx = (E W)^T, exact because nothing is between the two.
 * @param embedding [V, D]
 * @param weights of row `row` and input `input` of the layer, D inputs
 * @returns [rows, V]
 */
export function foldEmbedding(
  embedding: Float64Array,
  {
    symbols,
    dimensions,
    rows,
  }: { readonly symbols: number; readonly dimensions: number; readonly rows: number },
  weights: (row: number, input: number) => number,
): Float64Array {
  if (rows * symbols > mostNumbers)
    throw badCheckpoint('its first layer is larger than any that can be used');
  const folded = new Float64Array(rows * symbols);
  const inputs = new Float64Array(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < dimensions; input++) inputs[input] = weights(row, input);
    for (let symbol = 0; symbol < symbols; symbol++) {
      let sum = 0;
      const start = symbol * dimensions;
      for (let input = 0; input < dimensions; input++) {
        sum += (embedding[start + input] ?? 0) * (inputs[input] ?? 0);
      }
      folded[row * symbols + symbol] = sum;
    }
  }
  return folded;
}
