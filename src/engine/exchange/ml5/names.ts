/** How ml5's charRNN finds its weights in a manifest: by these names, which TensorFlow's basic LSTM cells had. */
export const ml5Names = {
  kernel: (layer: number): string => `rnnlm/multi_rnn_cell/cell_${layer}/basic_lstm_cell/kernel`,
  bias: (layer: number): string => `rnnlm/multi_rnn_cell/cell_${layer}/basic_lstm_cell/bias`,
  decoder: 'rnnlm/softmax_w',
  decoderBias: 'rnnlm/softmax_b',
} as const;

/** ml5 writes with the second layer's state, so there are exactly two. */
export const ml5Layers = 2;

/** What ml5 adds to a forget gate before its sigmoid. */
export const ml5ForgetBias = 1;
