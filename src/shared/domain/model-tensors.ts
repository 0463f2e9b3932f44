import { cellOf, gatesOf, layerParameters } from './cells.ts';
import type { ModelSpec } from './model-spec.ts';
import { optimizers, type OptimizerKind } from './optimizers.ts';

/**
 * The canonical tensor names and layouts, shared by all backends and the checkpoint file:
 *
 *   layers.N.wx [G*H, in]   layers.N.wh [G*H, H]   layers.N.bx [G*H]   layers.N.bh [G*H]
 *   decoder.w [V, H]        decoder.b [V]
 *   optimizer.m.<parameter>  optimizer.v.<parameter> (not RMSProp)
 *   average.<parameter>     the running average of the weights, where a run keeps one
 *   state.N.h [B, H]        state.N.c [B, H] (LSTM only)
 *
 * N counts from 0, G is the number of gates. Layer 0 reads one-hot symbols (in = V). Gates, states and other parameters of a cell are in cells.ts,
 * the slots of an optimiser in optimizers.ts.
 */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** G, the number of gates stacked in a layer's weight rows. */
export function gateCount(spec: Pick<ModelSpec, 'model'>): number {
  return gatesOf(cellOf(spec)).length;
}

/** Names and shapes of the trainable parameters in canonical order (the order initialisation draws them in). */
export function parameterShapes(spec: ModelSpec, cell = cellOf(spec)): readonly TensorShape[] {
  const layers = Array.from({ length: spec.numLayers }, (_, layer) => {
    const columns = { inputs: layer === 0 ? spec.vocabularySize : spec.rnnSize, units: spec.rnnSize };
    return layerParameters(cell).map((parameter) => ({
      name: `layers.${layer}.${parameter.name}`,
      shape: [
        parameter.blocks * spec.rnnSize,
        ...(parameter.columns === undefined ? [] : [columns[parameter.columns]]),
      ],
    }));
  });
  return [
    ...layers.flat(),
    { name: 'decoder.w', shape: [spec.vocabularySize, spec.rnnSize] },
    { name: 'decoder.b', shape: [spec.vocabularySize] },
  ];
}

/** Names and shapes of the carried state for a batch of `batchSize` rows, layer by layer, h first. */
export function stateShapes(spec: ModelSpec, batchSize: number): readonly TensorShape[] {
  return Array.from({ length: spec.numLayers }, (_, layer) =>
    cellOf(spec).states.map(({ name }) => ({
      name: `state.${layer}.${name}`,
      shape: [batchSize, spec.rnnSize],
    })),
  ).flat();
}

/** Names and shapes of what an optimiser keeps, slot by slot. */
export function optimizerShapes(spec: ModelSpec, optimizer: OptimizerKind): readonly TensorShape[] {
  return optimizers[optimizer].slots.flatMap((slot) =>
    parameterShapes(spec).map(({ name, shape }) => ({ name: `optimizer.${slot}.${name}`, shape })),
  );
}

/** Prefix of a parameter's name for its running average. */
export const averagePrefix = 'average.';

/** Names and shapes of the averaged weights. */
export function averageShapes(spec: ModelSpec): readonly TensorShape[] {
  return parameterShapes(spec).map(({ name, shape }) => ({ name: averagePrefix + name, shape }));
}

/** Elements of a shape; the empty shape is a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Trainable parameters, two bias vectors per layer counted as char-rnn does:
 * sum over layers of G*(in*H + H + H*H + H), plus H*V + V; layer normalisation adds its gains and biases. 2x128 LSTM at V = 65: 240,321.
 */
export function parameterCount(spec: ModelSpec): number {
  return totalElements(parameterShapes(spec));
}

/** Elements of several tensors together. */
export function totalElements(tensors: readonly TensorShape[]): number {
  return tensors.reduce((total, { shape }) => total + elementCount(shape), 0);
}
