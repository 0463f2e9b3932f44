import { assertNever } from '../errors.ts';
import type { CellKind, ModelSpec } from './model-spec.ts';

/**
 * The one canon of tensor names and layouts, shared by every backend and by the checkpoint file:
 *
 *   layers.N.wx [G*H, in]   layers.N.wh [G*H, H]   layers.N.bx [G*H]   layers.N.bh [G*H]
 *   decoder.w [V, H]        decoder.b [V]
 *   optimizer.m.<parameter>  (RMSProp's or Adam's first accumulator)   optimizer.v.<parameter> (Adam only)
 *   state.N.h [B, H]        state.N.c [B, H] (LSTM only)
 *
 * N counts from 0, G gates: LSTM 4 in the order i,f,o,g; GRU 3 in the order z,r,n; RNN 1. Layer 0 reads one-hot symbols (in = V).
 * For RMSProp `optimizer.m` is the running mean of squares; for Adam `m` is the mean and `v` the mean of squares.
 */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** G, the number of gates stacked in a layer's weight rows. */
export function gateCount(model: CellKind): number {
  switch (model) {
    case 'lstm':
      return 4;
    case 'gru':
      return 3;
    case 'rnn':
      return 1;
    default:
      return assertNever(model);
  }
}

/** Names and shapes of the trainable parameters in canonical order (the order initialisation draws them in). */
export function parameterShapes(spec: ModelSpec): readonly TensorShape[] {
  const rows = gateCount(spec.model) * spec.rnnSize;
  const shapes: TensorShape[] = [];
  for (let layer = 0; layer < spec.numLayers; layer++) {
    const inputs = layer === 0 ? spec.vocabularySize : spec.rnnSize;
    shapes.push(
      { name: `layers.${layer}.wx`, shape: [rows, inputs] },
      { name: `layers.${layer}.wh`, shape: [rows, spec.rnnSize] },
      { name: `layers.${layer}.bx`, shape: [rows] },
      { name: `layers.${layer}.bh`, shape: [rows] },
    );
  }
  shapes.push(
    { name: 'decoder.w', shape: [spec.vocabularySize, spec.rnnSize] },
    { name: 'decoder.b', shape: [spec.vocabularySize] },
  );
  return shapes;
}

/** Names and shapes of the carried hidden state for a batch of `batchSize` rows. */
export function stateShapes(spec: ModelSpec, batchSize: number): readonly TensorShape[] {
  const parts = spec.model === 'lstm' ? ['h', 'c'] : ['h'];
  return Array.from({ length: spec.numLayers }, (_, layer) =>
    parts.map((part) => ({ name: `state.${layer}.${part}`, shape: [batchSize, spec.rnnSize] })),
  ).flat();
}

/** Elements of a shape; the empty shape is a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Trainable parameters, two bias vectors per layer counted as char-rnn does:
 * sum over layers of G*(in*H + H + H*H + H), plus H*V + V. 2x128 LSTM at V = 65: 240,321.
 */
export function parameterCount(spec: ModelSpec): number {
  return parameterShapes(spec).reduce((total, { shape }) => total + elementCount(shape), 0);
}
