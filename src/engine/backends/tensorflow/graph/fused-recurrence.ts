import type { Attribute, Output } from './graph.ts';
import type { Operations } from './operations.ts';

const float: Attribute = { type: 'float32' };

/** The recurrences that cuDNN computes as char-rnn does. Its GRU is not among them: it applies the reset gate after the product with h. */
export type FusedMode = 'lstm' | 'rnn_tanh';

/** S time steps of B rows, from I inputs to H units. */
export interface FusedSizes {
  readonly steps: number;
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
}

/**
 * One layer through the whole sequence. `input` is [S, B, I]; the states are [1, B, H]; `parameters` is cuDNN's one vector: the input weights of
 * every gate, each [H, I] row by row, the recurrent weights of every gate, each [H, H], then two bias vectors of each gate. LSTM's gates
 * stand in the order i, f, g, o.
 */
export interface FusedInputs {
  readonly mode: FusedMode;
  readonly sizes: FusedSizes;
  readonly input: Output;
  readonly h: Output;
  /** LSTM only. */
  readonly c: Output | undefined;
  readonly parameters: Output;
}

export interface FusedResult {
  /** [S, B, H]. */
  readonly output: Output;
  /** [1, B, H], after the last time step. */
  readonly h: Output;
  readonly c: Output | undefined;
  /** What the kernel keeps for its way back. */
  readonly reserve: Output;
}

export interface FusedGradients {
  /** [S, B, I]. */
  readonly input: Output;
  /** In the layout of the parameters. */
  readonly parameters: Output;
}

/** A kernel that runs a layer through the whole sequence at once. */
export interface FusedRecurrence {
  forward(inputs: FusedInputs, training: boolean): FusedResult;
  /** From the gradient of the output, [S, B, H]. Nothing arrives from beyond the last time step: the backpropagation is truncated there. */
  backward(inputs: FusedInputs, result: FusedResult, upstream: Output): FusedGradients;
}

/** TensorFlow's `CudnnRNN` and `CudnnRNNBackprop` (NVIDIA cards only), for one layer, one direction and no dropout of its own. */
export function cudnnRecurrence(tf: Operations): FusedRecurrence {
  const { graph } = tf;
  const attributes = (mode: FusedMode): Record<string, Attribute> => ({
    T: float,
    rnn_mode: { text: mode },
    input_mode: { text: 'linear_input' },
    direction: { text: 'unidirectional' },
    dropout: { float: 0 },
    seed: { int: 0 },
    seed2: { int: 0 },
  });
  /** The kernel has an input for c in every mode, and reads it in LSTM only. */
  const unread = tf.scalar(0);
  return {
    forward({ mode, input, h, c, parameters }, training) {
      const name = graph.node('CudnnRNN', [input, h, c ?? unread, parameters], {
        ...attributes(mode),
        is_training: { bool: training },
      });
      const final = c === undefined ? undefined : `${name}:2`;
      return { output: `${name}:0`, h: `${name}:1`, c: final, reserve: `${name}:3` };
    },
    backward({ mode, input, h, c, parameters }, result, upstream) {
      const nothing = tf.zerosLike(result.h);
      const [finalCell, noCell] = c === undefined ? [unread, unread] : [result.c ?? unread, nothing];
      const forward = [input, h, c ?? unread, parameters, result.output, result.h, finalCell];
      const inputs = [...forward, upstream, nothing, noCell, result.reserve];
      const name = graph.node('CudnnRNNBackprop', inputs, attributes(mode));
      return { input: `${name}:0`, parameters: `${name}:3` };
    },
  };
}
