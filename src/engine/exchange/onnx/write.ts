import type { Message } from '../../protobuf/write.ts';
import { join, negateFirst, reorderBlocks, transpose } from '../arrays.ts';
import { jsonFile, type ExchangeModel, type ExportedFile } from '../format.ts';
import { weightsOf, type ModelWeights } from '../weights.ts';
import { floats, input, integers, modelFile, node, output, type Attribute } from './messages.ts';
import { normalisedLayer } from './normalised-layer.ts';

/** ONNX's operators and their gate order as indices of ours: LSTM i, o, f, c of our i, f, o, g; GRU z, r, h of our z, r, n. */
const operators = {
  lstm: { name: 'LSTM', order: [0, 2, 1, 3] },
  gru: { name: 'GRU', order: [0, 1, 2] },
  rnn: { name: 'RNN', order: [0] },
} as const;

/**
 * A model as ONNX, opset 14: ids [time, batch] and the states h0, c0, ... [1, batch, H] in; logits [time, batch, V] and the states out. ONNX
 * has no operator for a layer-normalised cell: such a model is written as one time step of basic operators, so time is 1 there. A Scan or Loop
 * would take any number of steps, but many readers of ONNX support neither.
 */
export function writeOnnx(model: ExchangeModel): readonly ExportedFile[] {
  const { metadata } = model;
  const weights = weightsOf(model);
  const file = modelFile({
    graph: [...ends(weights), ...readSymbols(weights), ...recurrentLayers(weights), ...decoder(weights)],
    metadata: {
      vocabulary: JSON.stringify(metadata.vocabulary),
      symbols: metadata.symbols,
      model: JSON.stringify(metadata.spec),
    },
    description:
      'A character-level language model. logits are those of the next symbol; states begin as zeros.',
    version: metadata.writtenBy,
  });
  return [{ path: 'model.onnx', pieces: [file] }, jsonFile('vocabulary.json', metadata.vocabulary)];
}

/** The free dimensions of inputs and outputs. */
function timeOf({ spec }: ModelWeights): number | string {
  return spec.layerNorm ? 1 : 'time';
}

/** The first input and the first output; the states follow each of them. */
function ends(weights: ModelWeights): readonly Message[] {
  const time = timeOf(weights);
  return [input('ids', 'int64', [time, 'batch']), output('logits', [time, 'batch', weights.symbols])];
}

/** ids to x0: one-hot rows, [time, batch, V]. */
function readSymbols(weights: ModelWeights): readonly Message[] {
  return [
    integers('depth', [weights.symbols]),
    floats('off_on', [2], Float32Array.of(0, 1)),
    node('OneHot', ['ids', 'depth', 'off_on'], ['x0'], { axis: -1 }),
    // The axis that is squeezed away. Left out if unused: readers warn about constants that nothing reads.
    ...(weights.spec.layerNorm ? [] : [integers('direction', [1])]),
  ];
}

function recurrentLayers(weights: ModelWeights): readonly Message[] {
  const { spec, size, residual } = weights;
  const states = spec.model === 'lstm' ? ['h', 'c'] : ['h'];
  return weights.layers.flatMap((_, layer) => {
    const adds = residual && layer > 0;
    const y = adds ? `y${layer}` : `x${layer + 1}`;
    const shape = [1, 'batch', size];
    return [
      ...states.map((state) => input(`${state}${layer}`, 'float32', shape)),
      ...(spec.layerNorm ? normalisedLayer(weights, layer, y) : operatorLayer(weights, layer, y)),
      ...(adds ? [node('Add', [y, `x${layer}`], [`x${layer + 1}`])] : []),
      ...states.map((state) => output(`${state}${layer}_out`, shape)),
    ];
  });
}

/** A layer by ONNX's own operator, from `x<layer>` to `y`, both [time, batch, columns]. */
function operatorLayer(weights: ModelWeights, layer: number, y: string): readonly Message[] {
  const { size, spec } = weights;
  const { name, order } = operators[spec.model];
  const tensor = weights.layers[layer];
  if (tensor === undefined) throw new RangeError(`the model has no layer ${layer}`);
  const isGru = spec.model === 'gru';
  // char-rnn's GRU weights the old state with 1 - z where ONNX uses z: sigmoid(-a) = 1 - sigmoid(a).
  const placed = (part: string): Float32Array => {
    const data = reorderBlocks(tensor(part), order);
    return isGru ? negateFirst(data, data.length / 3) : data;
  };
  const rows = order.length * size;
  const columns = layer === 0 ? weights.symbols : size;
  const isLstm = spec.model === 'lstm';
  // The reset gate acts before the recurrent product, as in char-rnn.
  const attributes: Record<string, Attribute> = {
    hidden_size: size,
    ...(isGru ? { linear_before_reset: 0 } : {}),
  };
  return [
    floats(`W${layer}`, [1, rows, columns], placed('wx')),
    floats(`R${layer}`, [1, rows, size], placed('wh')),
    floats(`B${layer}`, [1, 2 * rows], join(placed('bx'), placed('bh'))),
    node(
      name,
      [`x${layer}`, `W${layer}`, `R${layer}`, `B${layer}`, '', `h${layer}`, ...(isLstm ? [`c${layer}`] : [])],
      [`all${layer}`, `h${layer}_out`, ...(isLstm ? [`c${layer}_out`] : [])],
      attributes,
    ),
    // Removes the directions, of which there is one, from [time, directions, batch, H].
    node('Squeeze', [`all${layer}`, 'direction'], [y]),
  ];
}

function decoder(weights: ModelWeights): readonly Message[] {
  const { size, symbols, layers } = weights;
  return [
    floats('decoder_w', [size, symbols], transpose(weights.decoder, symbols)),
    floats('decoder_b', [symbols], weights.decoderBias),
    node('MatMul', [`x${layers.length}`, 'decoder_w'], ['decoded']),
    node('Add', ['decoded', 'decoder_b'], ['logits']),
  ];
}
