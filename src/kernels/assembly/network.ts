/**
 * One network as it lies in linear memory: sizes and the byte addresses of its buffers. The host fills these fields in this
 * order (src/engine/backends/wasm/layout.ts lists the same names); the kernels only read them.
 *
 * Padded sizes: Hp = H, Vp = V, each rounded up to a multiple of 16, the width of a panel. Padding is zero and stays zero:
 * padded weights are zero, so padded units compute h = 0 and receive no gradient.
 * Rows are ordered n = t * B + b, so that a thread's own rows of one time step are neighbours.
 */
@unmanaged
export class Network {
  /** 0 LSTM, 1 GRU, 2 RNN. */
  model: i32;
  /** 1 when the engine pairs 128-bit operations into 256-bit ones: wider tiles then pay. */
  wide: i32;
  batch: i32;
  time: i32;
  layers: i32;
  /** V. */
  vocabulary: i32;
  /** Vp. */
  vocabularyPadded: i32;
  /** Hp. */
  size: i32;
  /** R = gates * Hp, floats of one row of gate values. */
  gates: i32;
  dropout: f32;
  /** Smallest hash that is kept, floor(dropout * 2^32) as uint32. */
  dropThreshold: u32;
  /** Table of `layers` entries of LAYER_FIELDS addresses each. */
  layerTable: usize;
  /** decoder.w panels [Vp/16][Hp][16], its gradient, and the packed transpose [Hp/16][Vp][16]. */
  decoderW: usize;
  decoderWGrad: usize;
  decoderWPacked: usize;
  decoderB: usize;
  decoderBGrad: usize;
  /** Symbols of the chunk [N] as int32, n = t * B + b. */
  inputs: usize;
  targets: usize;
  /** [N][Vp], logits and then their gradient. */
  logits: usize;
  /** [N] losses of single predictions. */
  losses: usize;
  /** [N][Hp], gradient with respect to the hidden state of the layer being walked back. */
  hiddenGrad: usize;
  /** [N][Hp], gradient for the layer below, swapped with hiddenGrad layer by layer. */
  hiddenGradBelow: usize;
  /** [B][Hp], gradient of the cell state, carried backwards in time (LSTM); scratch d(r*h) (GRU). */
  carryGrad: usize;
  /** Per thread: a group of gradient panels, GROUP * [STRIP_ROWS][16]. */
  panelScratch: usize;
  /** All parameters in one run of `parameterFloats` floats, gradients and accumulators alike. */
  parameters: usize;
  gradients: usize;
  accumulatorM: usize;
  accumulatorV: usize;
  parameterFloats: i32;
  /** Two f64 per block of OPTIMIZER_BLOCK floats: sum of squares of clamped gradients and of parameters. */
  partialSums: usize;
  /** 0 RMSProp, 1 Adam. */
  optimizer: i32;
  learningRate: f32;
  decayRate: f32;
  clip: f32;
  /** Adam's bias corrections 1 - beta1^i and 1 - beta2^i. */
  correction1: f32;
  correction2: f32;
  /** Dropout keys by site, [layers + 1] uint32; site l is the input of layer l, site `layers` the decoder's. */
  dropoutKeys: usize;
  /** [Hp] zeros, the initial value of sums that start from nothing. */
  zeros: usize;
  /** Next job of the weight-gradient phase, taken by atomic increment. */
  nextJob: i32;
  /** One row of gate values [R] and logits [Vp] for sampling. */
  sampleGates: usize;
  sampleLogits: usize;
  /** [Hp], r * h of the sampled step (GRU). */
  sampleScratch: usize;
}

/** Addresses of one layer, in the order of the layer table. */
@unmanaged
export class Layer {
  /** Panels [R/16][K][16] with K = V for layer 0 (gathered by symbol) and Hp above. */
  inputW: usize;
  inputWGrad: usize;
  /** Packed transpose [K/16][R][16] for the gradient with respect to the input; unused in layer 0. */
  inputWPacked: usize;
  /** Panels [R/16][Hp][16]. */
  recurrentW: usize;
  recurrentWGrad: usize;
  recurrentWPacked: usize;
  inputB: usize;
  inputBGrad: usize;
  recurrentB: usize;
  recurrentBGrad: usize;
  /** [R], inputB + recurrentB, renewed at the start of every step. */
  biasSum: usize;
  /** [N][R]: input projection, then gate values, then their gradients. */
  gateValues: usize;
  /** [T+1][B][Hp]: hidden states, the first being the initial one. */
  hidden: usize;
  /** [T+1][B][Hp]: cell states (LSTM); r * h [T][B][Hp] (GRU). */
  cell: usize;
  /** [N][Hp]: tanh of the cell state (LSTM). */
  cellTanh: usize;
  /** Hidden states transposed in strips for the weight gradients, (T+1)*B rows. */
  hiddenStrips: usize;
  /** r * h in strips (GRU). */
  resetStrips: usize;
  /** [N][Hp]: this layer's output after dropout, as the next layer or the decoder reads it; 0 without dropout. */
  dropped: usize;
  droppedStrips: usize;
  /** Initial states: training, evaluation, sampling. */
  trainHidden: usize;
  trainCell: usize;
  evaluationHidden: usize;
  evaluationCell: usize;
  sampleHidden: usize;
  sampleCell: usize;
}

export const LAYER_FIELDS: i32 = 25;
export const LSTM: i32 = 0;
export const GRU: i32 = 1;

@inline
export function layerOf(net: Network, index: i32): Layer {
  return changetype<Layer>(net.layerTable + <usize>(index * LAYER_FIELDS * 4));
}
