import type { ModelWeights } from '../weights.ts';

/** A layer in the configuration of a Keras model, as TensorFlow.js and Keras 2 write it. */
export interface LayerConfig {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** For each call of the layer: the layer it reads, the index of that layer's call, the index of the output, and keyword arguments. */
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, object])[])[];
}

/** A whole model: a graph of layers. */
export interface Topology {
  readonly class_name: 'Functional';
  readonly config: {
    readonly name: string;
    readonly layers: readonly LayerConfig[];
    readonly input_layers: readonly (readonly [string, number, number])[];
    readonly output_layers: readonly (readonly [string, number, number])[];
  };
}

export const inputName = 'symbols';
export const decoderName = 'decoder';
const classes = { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' } as const;

/** One-hot symbols [1, time, V] in, logits [1, time, V] out. The layers are stateful: a text can be read in parts, one symbol at a time. */
export function topologyOf(weights: ModelWeights): Topology {
  const layers: LayerConfig[] = [inputLayer(weights)];
  let below = inputName;
  weights.layers.forEach((_, index) => {
    const name = `layer_${index}`;
    layers.push(recurrentLayer(weights, name, below));
    below = weights.residual && index > 0 ? addedTo(layers, index, name, below) : name;
  });
  layers.push({
    class_name: 'Dense',
    name: decoderName,
    config: { name: decoderName, units: weights.symbols, activation: 'linear', use_bias: true },
    inbound_nodes: inbound(below),
  });
  return {
    class_name: 'Functional',
    config: {
      name: 'charloom',
      layers,
      input_layers: [[inputName, 0, 0]],
      output_layers: [[decoderName, 0, 0]],
    },
  };
}

function inputLayer({ symbols }: ModelWeights): LayerConfig {
  const config = { name: inputName, batch_input_shape: [1, null, symbols], dtype: 'float32', sparse: false };
  return { class_name: 'InputLayer', name: inputName, config, inbound_nodes: [] };
}

function recurrentLayer({ spec, size }: ModelWeights, name: string, below: string): LayerConfig {
  const config = {
    ...{ name, units: size, activation: 'tanh', use_bias: true, return_sequences: true, stateful: true },
    ...(spec.model === 'rnn' ? {} : { recurrent_activation: 'sigmoid', implementation: 1 }),
    // The weights already contain the whole bias.
    ...(spec.model === 'lstm' ? { unit_forget_bias: true } : {}),
    ...(spec.model === 'gru' ? { reset_after: false } : {}),
  };
  return { class_name: classes[spec.model], name, config, inbound_nodes: inbound(below) };
}

/** Adds a layer that adds a recurrent layer's input to its output; returns its name. */
function addedTo(layers: LayerConfig[], index: number, layer: string, below: string): string {
  const name = `sum_${index}`;
  layers.push({ class_name: 'Add', name, config: { name }, inbound_nodes: inbound(layer, below) });
  return name;
}

function inbound(...names: readonly string[]): LayerConfig['inbound_nodes'] {
  return [names.map((name) => [name, 0, 0, {}] as const)];
}
