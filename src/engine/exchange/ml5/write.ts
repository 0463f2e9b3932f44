import { add, bytesOf, join, reorderBlocks, transpose } from '../arrays.ts';
import { jsonFile, type ExchangeModel, type ExportedFile } from '../format.ts';
import { weightsOf, type LayerWeights, type ModelWeights } from '../weights.ts';
import { ml5ForgetBias, ml5Names } from './names.ts';

/** TensorFlow's basic LSTM cell has its gates in the order input, candidate, forget, output; ours are i, f, o, g. */
const gateOrder = [0, 3, 1, 2] as const;
const forgetGate = 2;

interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A folder for ml5.charRNN: a manifest, one file of numbers for each variable, and the vocabulary. */
export function writeMl5(model: ExchangeModel): readonly ExportedFile[] {
  const weights = weightsOf(model);
  const variables = [
    ...weights.layers.flatMap((layer, index) => cell(weights, layer, index)),
    ...decoder(weights),
  ];
  const manifest = variables.map(({ name, shape }) => [name, { filename: fileName(name), shape }] as const);
  const vocabulary = model.metadata.vocabulary.map((symbol, index) => [symbol, index] as const);
  return [
    jsonFile('model/manifest.json', Object.fromEntries(manifest)),
    ...variables.map(({ name, data }) => ({ path: `model/${fileName(name)}`, pieces: [bytesOf(data)] })),
    jsonFile('model/vocab.json', Object.fromEntries(vocabulary)),
  ];
}

/** The kernel [in + H, 4H]: the rows for the input, then those for the state. */
function cell({ size, symbols }: ModelWeights, layer: LayerWeights, index: number): readonly Variable[] {
  const columns = index === 0 ? symbols : size;
  const rows = 4 * size;
  const placed = (part: string): Float32Array => transpose(reorderBlocks(layer(part), gateOrder), rows);
  const bias = reorderBlocks(add(layer('bx'), layer('bh')), gateOrder).map((value, row) =>
    Math.floor(row / size) === forgetGate ? value - ml5ForgetBias : value,
  );
  return [
    { name: ml5Names.kernel(index), shape: [columns + size, rows], data: join(placed('wx'), placed('wh')) },
    { name: ml5Names.bias(index), shape: [rows], data: bias },
  ];
}

function decoder({ size, symbols, decoder: matrix, decoderBias }: ModelWeights): readonly Variable[] {
  return [
    { name: ml5Names.decoder, shape: [size, symbols], data: transpose(matrix, symbols) },
    { name: ml5Names.decoderBias, shape: [symbols], data: decoderBias },
  ];
}

function fileName(variable: string): string {
  return variable.replaceAll('/', '_');
}
