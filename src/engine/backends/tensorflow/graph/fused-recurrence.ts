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
 * One layer over the whole sequence. `input` is [S, B, I]; the states are [1, B, H]; `parameters` is cuDNN's single vector: the input weights of
 * every gate, each [H, I] row by row, the recurrent weights of every gate, each [H, H], then two bias vectors of each gate. LSTM's gates are in the
 * order i, f, g, o.
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
  /** What the kernel keeps for its backward pass: on the card, and on the host if it keeps something there too. */
  readonly reserve: readonly Output[];
}

export interface FusedGradients {
  /** [S, B, I]. */
  readonly input: Output;
  /** In the layout of the parameters. */
  readonly parameters: Output;
}

/** A kernel that runs a layer over the whole sequence. */
export interface FusedRecurrence {
  forward(inputs: FusedInputs, training: boolean): FusedResult;
  /** From the gradient of the output, [S, B, H]. Nothing arrives from beyond the last time step: the backpropagation is truncated there. */
  backward(inputs: FusedInputs, result: FusedResult, upstream: Output): FusedGradients;
}

/**
 * TensorFlow's `CudnnRNNV3` and `CudnnRNNBackpropV3` (NVIDIA cards only), for one layer, one direction and no dropout of its own. The earlier
 * operations pass no sequence lengths, which cuDNN requires from version 9.
 */
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
    num_proj: { int: 0 },
    time_major: { bool: true },
  });
  /** The kernel has an input for c in every mode, and reads it in LSTM only. */
  const unread = tf.scalar(0);
  const given = ({ input, h, c, parameters, sizes: { rows, steps } }: FusedInputs): Output[] => [
    ...[input, h, c ?? unread, parameters],
    // Every row of a batch is as long as the others.
    tf.integers(Array.from({ length: rows }, () => steps)),
  ];
  return {
    forward(inputs, training) {
      const name = graph.node('CudnnRNNV3', given(inputs), {
        ...attributes(inputs.mode),
        is_training: { bool: training },
      });
      const final = inputs.c === undefined ? undefined : `${name}:2`;
      return { output: `${name}:0`, h: `${name}:1`, c: final, reserve: [`${name}:3`, `${name}:4`] };
    },
    backward(inputs, result, upstream) {
      const nothing = tf.zerosLike(result.h);
      const [finalCell, noCell] = inputs.c === undefined ? [unread, unread] : [result.c ?? unread, nothing];
      const outputs = [result.output, result.h, finalCell];
      const arriving = [upstream, nothing, noCell];
      const name = graph.node(
        'CudnnRNNBackpropV3',
        [...given(inputs), ...outputs, ...arriving, ...result.reserve],
        attributes(inputs.mode),
      );
      return { input: `${name}:0`, parameters: `${name}:3` };
    },
  };
}
