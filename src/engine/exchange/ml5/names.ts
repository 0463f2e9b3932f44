/** The names by which ml5's charRNN finds its weights in a manifest; TensorFlow's basic LSTM cells had them. */
export const ml5Names = {
  kernel: (layer: number): string => `rnnlm/multi_rnn_cell/cell_${layer}/basic_lstm_cell/kernel`,
  bias: (layer: number): string => `rnnlm/multi_rnn_cell/cell_${layer}/basic_lstm_cell/bias`,
  decoder: 'rnnlm/softmax_w',
  decoderBias: 'rnnlm/softmax_b',
} as const;

/** ml5 writes with the second layer's state, so there are exactly two layers. */
export const ml5Layers = 2;

/** ml5 adds this to a forget gate before its sigmoid. */
export const ml5ForgetBias = 1;
