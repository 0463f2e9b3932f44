import { randomNumbers } from './networks.ts';

export const units = 5;
const characters = 'ba é😀';
export const symbols = Array.from(characters);

export interface Weights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weights of a model under the names that TensorFlow 1 gives them. */
export function weightsOf(embedding: boolean, old: boolean): Readonly<Record<string, Weights>> {
  const random = randomNumbers(old ? 3 : 4);
  const make = (...shape: readonly number[]): Weights => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1),
  });
  const read = embedding ? 7 : symbols.length;
  const cell = (layer: number, name: string): string =>
    `rnnlm/multi_rnn_cell/cell_${layer}/basic_lstm_cell/${name}`;
  const [kernel, bias] = old ? ['weights', 'biases'] : ['kernel', 'bias'];
  return {
    ...(embedding ? { embedding: make(symbols.length, read) } : {}),
    [cell(0, kernel ?? '')]: make(read + units, 4 * units),
    [cell(0, bias ?? '')]: make(4 * units),
    [cell(1, kernel ?? '')]: make(2 * units, 4 * units),
    [cell(1, bias ?? '')]: make(4 * units),
    'rnnlm/softmax_w': make(units, symbols.length),
    'rnnlm/softmax_b': make(symbols.length),
  };
}

/** The files of a folder, as ml5's training script writes them. */
export function filesOf(weights: Readonly<Record<string, Weights>>): Record<string, Uint8Array> {
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const names = Object.keys(weights);
  const manifest = names.map((name, index) => [
    name,
    { filename: `weights_${index}`, shape: weights[name]?.shape },
  ]);
  return {
    'manifest.json': text(Object.fromEntries(manifest)),
    'vocab.json': text(Object.fromEntries(symbols.map((symbol, index) => [symbol, index]))),
    ...Object.fromEntries(
      names.map((name, index) => [
        `weights_${index}`,
        new Uint8Array(weights[name]?.data.buffer ?? new ArrayBuffer(0)),
      ]),
    ),
  };
}
