import { add, bytesOf, negateFirst, reorderBlocks, transpose } from '../arrays.ts';
import { jsonFile, textFile, type ExchangeModel, type ExportedFile } from '../format.ts';
import { weightsOf, type LayerWeights, type ModelWeights } from '../weights.ts';
import { kerasLoader } from './keras-loader.ts';
import { decoderName, topologyOf } from './topology.ts';

/** Keras's gate order as indices of ours: LSTM i, f, c, o of our i, f, o, g; GRU z, r, h of our z, r, n. */
const gateOrders = { lstm: [0, 1, 3, 2], gru: [0, 1, 2], rnn: [0] } as const;

interface NamedWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layers model of TensorFlow.js (model.json, weights.bin), and a reader of it for Keras in Python. */
export function writeTensorflowJs(model: ExchangeModel): readonly ExportedFile[] {
  const { metadata } = model;
  const weights = weightsOf(model);
  const named = [
    ...weights.layers.flatMap((layer, index) => recurrentWeights(weights, layer, index)),
    ...decoderWeights(weights),
  ];
  const about = {
    format: 'layers-model',
    generatedBy: `Charloom ${metadata.writtenBy}`,
    convertedBy: null,
    modelTopology: topologyOf(weights),
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: named.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: { symbols: metadata.symbols, vocabulary: metadata.vocabulary, model: metadata.spec },
  };
  return [
    jsonFile('model.json', about),
    { path: 'weights.bin', pieces: named.map(({ data }) => bytesOf(data)) },
    textFile('keras_model.py', kerasLoader),
    jsonFile('vocabulary.json', metadata.vocabulary),
  ];
}

function recurrentWeights(
  { spec, size, gates, symbols }: ModelWeights,
  layer: LayerWeights,
  index: number,
): readonly NamedWeights[] {
  // char-rnn's GRU weights the old state with 1 - z where Keras uses z: sigmoid(-a) = 1 - sigmoid(a).
  const placed = (data: Float32Array): Float32Array => {
    const ordered = reorderBlocks(data, gateOrders[spec.model]);
    return spec.model === 'gru' ? negateFirst(ordered, ordered.length / gates) : ordered;
  };
  const name = `layer_${index}`;
  const columns = index === 0 ? symbols : size;
  const rows = gates * size;
  return [
    { name: `${name}/kernel`, shape: [columns, rows], data: transpose(placed(layer('wx')), rows) },
    { name: `${name}/recurrent_kernel`, shape: [size, rows], data: transpose(placed(layer('wh')), rows) },
    { name: `${name}/bias`, shape: [rows], data: placed(add(layer('bx'), layer('bh'))) },
  ];
}

function decoderWeights({ size, symbols, decoder, decoderBias }: ModelWeights): readonly NamedWeights[] {
  return [
    { name: `${decoderName}/kernel`, shape: [size, symbols], data: transpose(decoder, symbols) },
    { name: `${decoderName}/bias`, shape: [symbols], data: decoderBias },
  ];
}
