import type { CarriedState } from './cells/cell.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { LayerWeights } from './layer-weights.ts';

/** Sizes of the part of the graph being written: one row group through the whole sequence. */
export interface RowGroupShape {
  readonly rows: number;
  readonly chunks: readonly number[];
  readonly rnnSize: number;
  readonly vocabularySize: number;
}

/** A layer about to be written. */
export interface LayerStart {
  /** 0 is the first, whose input is symbols. */
  readonly index: number;
  readonly weights: LayerWeights;
  readonly initial: CarriedState;
  /** By chunk [steps*rows, 1]: 0 where a record starts, 1 elsewhere; absent without records. */
  readonly keep: readonly Output[] | undefined;
  /** False if no gradient will be needed. */
  readonly training: boolean;
}

/** What one layer did, chunk by chunk. */
export interface LayerPass {
  /** h by chunk, time-major: [steps*rows, H]. */
  readonly hidden: readonly Output[];
  readonly final: CarriedState;
  /**
   * Writes the backward pass, from the gradient of the output (by chunk) to the gradient of the input (by chunk; none in layer 0), adding the sums
   * that `LayerWeights.parameterGradients` makes gradients of, as `layers.N.<sum>`.
   */
  backward(upstream: readonly Output[], gradients: Gradients): readonly Output[];
}

/**
 * A way of writing a layer. Its input comes by chunk: symbols [steps*rows] in layer 0, the masked output of the layer below, [steps*rows, H],
 * elsewhere.
 */
export type LayerWriter = (shape: RowGroupShape, layer: LayerStart, inputs: readonly Output[]) => LayerPass;
