import { z } from 'zod';
import { badCheckpoint } from '../../checkpoints/errors.ts';
import { foldEmbedding } from './fold-embedding.ts';
import { nothingKnown, type ForeignLayer, type ForeignModel } from './foreign-model.ts';
import { badVocabulary, refused } from './refusals.ts';

const manifestSchema = z.record(
  z.string().max(300),
  z.looseObject({
    filename: z.string().max(255),
    shape: z.array(z.int().min(1).max(2_000_000)).min(1).max(4),
  }),
);
const vocabularySchema = z.record(z.string().max(16), z.int().min(0).max(1_114_111));

/** A matrix or vector of the manifest. */
interface Weights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Charloom's gates i, f, o, g in the columns i, g, f, o of TensorFlow's BasicLSTMCell. */
const columnBlocks = [0, 2, 3, 1] as const;
/** Added to the forget gate's bias when the cell runs; the file does not contain it. */
const forgetBias = 1;
const maxLayers = 32;

/** The file that identifies a folder as an ml5 model. */
export const ml5Manifest = 'manifest.json';

/**
 * Reads the folder of an ml5 charRNN model: LSTM layers of TensorFlow 1, as training-charRNN writes them.
 * @param files the folder's files by their names
 * @param folder its name
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if it contains another network
 */
export function readMl5(files: ReadonlyMap<string, Uint8Array>, folder: string): ForeignModel {
  const manifest = manifestSchema.safeParse(jsonOf(files, ml5Manifest));
  if (!manifest.success) throw badCheckpoint('its manifest.json is damaged');
  const weights = new Map<string, Weights>();
  for (const [name, { filename, shape }] of Object.entries(manifest.data)) {
    weights.set(name, weightsOf(files, filename, shape));
  }
  const [rnnSize = 0, symbols = 0] = find(weights, /(^|\/)softmax_w$/).shape;
  const softmax = find(weights, /(^|\/)softmax_w$/, [rnnSize, symbols]);
  const decoderB = find(weights, /(^|\/)softmax_b$/, [symbols]);
  const layers = layersOf(weights, rnnSize, symbols);
  return {
    program: 'ml5',
    file: folder,
    network: {
      ...({ model: 'lstm', rnnSize, dropout: 0, layers } as const),
      decoderW: transposed(softmax.data, rnnSize, symbols),
      decoderB: Float64Array.from(decoderB.data),
    },
    codes: codesOf(jsonOf(files, 'vocab.json'), symbols),
    symbols: 'characters',
    training: nothingKnown,
  };
}

function layersOf(
  weights: ReadonlyMap<string, Weights>,
  units: number,
  symbols: number,
): readonly ForeignLayer[] {
  const layers: ForeignLayer[] = [];
  for (;;) {
    const cell = `cell_${layers.length}`;
    const kernelName = nameOf(weights, new RegExp(`(^|/)${cell}/.*(kernel|weights)$`));
    if (kernelName === undefined) break;
    if (/gru|nas|layer_norm/i.test(kernelName) || layers.length === maxLayers) throw otherCell();
    const inputs = layers.length > 0 ? units : undefined;
    const kernel = find(weights, new RegExp(`(^|/)${cell}/.*(kernel|weights)$`));
    const bias = find(weights, new RegExp(`(^|/)${cell}/.*bias(es)?$`), [4 * units]);
    layers.push(
      layerOf({ kernel, bias: bias.data, units, inputs, symbols, embedding: embeddingOf(weights) }),
    );
  }
  if (layers.length === 0) throw otherCell();
  return layers;
}

interface LayerParts {
  /** [inputs + H, 4H] */
  readonly kernel: Weights;
  /** [4H] */
  readonly bias: Float32Array;
  readonly units: number;
  /** Undefined in the first layer, which reads the embedding or the symbols themselves. */
  readonly inputs: number | undefined;
  readonly symbols: number;
  readonly embedding: Weights | undefined;
}

function layerOf({ kernel, bias, units, inputs, symbols, embedding }: LayerParts): ForeignLayer {
  const columns = 4 * units;
  const read = inputs ?? embedding?.shape[1] ?? symbols;
  if (kernel.shape.join() !== [read + units, columns].join())
    throw badCheckpoint('its layers do not fit together');
  /** Maps Charloom's row to the file's column. */
  const columnOf = (row: number): number =>
    (columnBlocks[Math.floor(row / units)] ?? 0) * units + (row % units);
  const at = (row: number, input: number): number => kernel.data[input * columns + columnOf(row)] ?? 0;
  const first = inputs === undefined && embedding !== undefined;
  const wx = first
    ? foldEmbedding(Float64Array.from(embedding.data), { symbols, dimensions: read, rows: columns }, at)
    : filled(columns, read, at);
  return {
    wx,
    wh: filled(columns, units, (row, unit) => at(row, read + unit)),
    bx: filled(
      columns,
      1,
      (row) => (bias[columnOf(row)] ?? 0) + (Math.floor(row / units) === 1 ? forgetBias : 0),
    ),
    bh: new Float64Array(columns),
  };
}

function embeddingOf(weights: ReadonlyMap<string, Weights>): Weights | undefined {
  const name = nameOf(weights, /(^|\/)embedding$/);
  return name === undefined ? undefined : weights.get(name);
}

function filled(rows: number, columns: number, at: (row: number, column: number) => number): Float64Array {
  const numbers = new Float64Array(rows * columns);
  for (let row = 0, index = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, index++) numbers[index] = at(row, column);
  }
  return numbers;
}

/** Transposes [rows, columns] to [columns, rows]. */
function transposed(data: Float32Array, rows: number, columns: number): Float64Array {
  return filled(columns, rows, (column, row) => data[row * columns + column] ?? 0);
}

function nameOf(weights: ReadonlyMap<string, Weights>, pattern: RegExp): string | undefined {
  return [...weights.keys()].find((name) => pattern.test(name));
}

function find(weights: ReadonlyMap<string, Weights>, pattern: RegExp, shape?: readonly number[]): Weights {
  const name = nameOf(weights, pattern);
  const found = name === undefined ? undefined : weights.get(name);
  if (found === undefined) throw otherCell();
  if (shape !== undefined && found.shape.join() !== shape.join())
    throw badCheckpoint('its layers do not fit together');
  return found;
}

/** A file of the folder: the manifest's entry is used as a name, never as a path. */
function weightsOf(
  files: ReadonlyMap<string, Uint8Array>,
  filename: string,
  shape: readonly number[],
): Weights {
  const bytes = /[/\\]/.test(filename) ? undefined : files.get(filename);
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes === undefined) throw badCheckpoint('a file that its manifest.json names is missing');
  if (bytes.length !== 4 * count) throw badCheckpoint('a file is not as long as its manifest.json says');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    shape,
    data: Float32Array.from({ length: count }, (_, index) => view.getFloat32(4 * index, true)),
  };
}

function codesOf(json: unknown, size: number): readonly number[] {
  const vocabulary = vocabularySchema.safeParse(json);
  if (!vocabulary.success) throw badVocabulary('vocab.json does not number characters');
  const codes = new Array<number>(size).fill(-1);
  for (const [character, index] of Object.entries(vocabulary.data)) {
    const [only, ...more] = Array.from(character);
    if (only === undefined || more.length > 0)
      throw badVocabulary('it holds something else than single characters');
    if (index >= size || codes[index] !== -1)
      throw badVocabulary('it does not number its symbols from first to last');
    codes[index] = only.codePointAt(0) ?? -1;
  }
  if (codes.includes(-1)) throw badVocabulary('it has fewer symbols than the network');
  return codes;
}

function jsonOf(files: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  const bytes = files.get(name);
  if (bytes === undefined) throw badCheckpoint(`the folder has no ${name}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badCheckpoint(`its ${name} is damaged`);
  }
}

function otherCell(): Error {
  return refused(
    'This folder holds a network that ml5’s charRNN does not have.',
    'Charloom reads the LSTM that ml5’s training script writes.',
  );
}
