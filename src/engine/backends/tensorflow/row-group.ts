import { isResidual, type ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { CarriedState } from './cells/cell.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { sumRows } from './products.ts';
import type { LayerPass, LayerWriter, RowGroupShape } from './layer.ts';
import type { ModelWeights } from './parameters.ts';

/** The model as the graph writer sees it. */
export interface GraphModel {
  readonly spec: ModelSpec;
  readonly runLayer: LayerWriter;
}

/** Dropout masks by site 1..L (index 0 is site 1) and chunk, each [steps*rows, H] holding 0 or 1/(1-p). Empty without dropout. */
export type Masks = readonly (readonly Output[])[];

/** The forward pass of one row group. */
export interface RowGroup {
  readonly weights: ModelWeights;
  readonly shape: RowGroupShape;
  readonly passes: readonly LayerPass[];
  readonly masks: Masks;
  /** The decoder's input by chunk. */
  readonly top: readonly Output[];
  readonly logits: readonly Output[];
}

/** The inputs of a row group's forward pass. */
export interface RowGroupStart {
  readonly weights: ModelWeights;
  /** By chunk, each [steps*rows]. */
  readonly symbols: readonly Output[];
  /** By layer. */
  readonly initial: readonly CarriedState[];
  readonly masks: Masks;
  /** See LayerStart. */
  readonly keep: readonly Output[] | undefined;
  /** False if no gradient will be needed. */
  readonly training: boolean;
}

/** Writes the forward pass of one row group, from symbols (by chunk) to logits (by chunk). */
export function runForward(
  tf: Operations,
  model: GraphModel,
  shape: RowGroupShape,
  { weights, symbols, initial, masks, keep, training }: RowGroupStart,
): RowGroup {
  const passes: LayerPass[] = [];
  let inputs = symbols;
  for (const [index, layerWeights] of weights.layers.entries()) {
    const layer = { index, weights: layerWeights, initial: assertDefined(initial[index]), keep, training };
    const pass = model.runLayer(shape, layer, inputs);
    passes.push(pass);
    const output = handsOn(model.spec, index) ? added(tf, pass.hidden, inputs) : pass.hidden;
    inputs = applyMasks(tf, output, masks[index]);
  }
  const { w, b } = weights.decoder;
  const logits = inputs.map((input) => tf.biasAdd(tf.matMul(input, w, { transposeB: true }), b));
  return { weights, shape, passes, masks, top: inputs, logits };
}

/** Writes the backward pass of one row group from the gradient of its logits (by chunk), adding to the weight gradients. */
export function runBackward(
  tf: Operations,
  model: GraphModel,
  rowGroup: RowGroup,
  logitGradients: readonly Output[],
  gradients: Gradients,
): void {
  const { weights, shape, masks } = rowGroup;
  for (const [chunk, gradient] of logitGradients.entries()) {
    const rows = assertDefined(shape.chunks[chunk]) * shape.rows;
    gradients.add('decoder.w', tf.matMul(gradient, assertDefined(rowGroup.top[chunk]), { transposeA: true }));
    gradients.add('decoder.b', sumRows(tf, gradient, rows));
  }
  let upstream: readonly Output[] = logitGradients.map((gradient) => tf.matMul(gradient, weights.decoder.w));
  for (let index = model.spec.numLayers - 1; index >= 0; index--) {
    const arriving = applyMasks(tf, upstream, masks[index]);
    const downstream = assertDefined(rowGroup.passes[index]).backward(arriving, gradients);
    upstream = handsOn(model.spec, index) ? added(tf, downstream, arriving) : downstream;
  }
}

/** Whether a layer's input is added to its output (a residual connection). */
function handsOn(spec: ModelSpec, layer: number): boolean {
  return layer > 0 && isResidual(spec);
}

function added(tf: Operations, chunks: readonly Output[], others: readonly Output[]): readonly Output[] {
  return chunks.map((chunk, index) => tf.add(chunk, assertDefined(others[index])));
}

/** Multiplies by dropout masks, forwards and backwards alike: the gradient of dropout is the same multiplication. */
function applyMasks(
  tf: Operations,
  chunks: readonly Output[],
  masks: readonly Output[] | undefined,
): readonly Output[] {
  if (masks === undefined) return chunks;
  return chunks.map((chunk, index) => tf.multiply(chunk, assertDefined(masks[index])));
}
