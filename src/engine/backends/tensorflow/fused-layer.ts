import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { gateCount } from '../../../shared/domain/model-tensors.ts';
import { assertDefined } from './cells/assert-defined.ts';
import { cellWriters } from './cells/writers.ts';
import type { Gradients } from './gradients.ts';
import type {
  FusedInputs,
  FusedMode,
  FusedRecurrence,
  FusedResult,
  FusedSizes,
} from './graph/fused-recurrence.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { LayerStart, LayerWriter, RowGroupShape } from './layer.ts';

/** A layer as the fused kernel sees it. */
interface Layout {
  readonly mode: FusedMode;
  readonly sizes: FusedSizes;
  /** Rows of its weight matrices, G*H. */
  readonly gateRows: number;
}

/** What the backward pass of a layer needs. */
interface Trace {
  readonly layout: Layout;
  readonly index: number;
  readonly inputs: FusedInputs;
  readonly result: FusedResult;
}

/** Layers that a fused kernel runs over the whole sequence: the plan must have one chunk. */
export function fusedLayers(tf: Operations, kernel: FusedRecurrence, spec: ModelSpec): LayerWriter {
  const { cudnn } = cellWriters[spec.model];
  if ('reason' in cudnn) throw new Error(cudnn.reason);
  const { mode } = cudnn;
  return (shape, layer, [symbolsOrHidden]) => {
    const layout = layoutOf(mode, spec, shape, layer);
    const inputs = kernelInputs(tf, layout, layer, assertDefined(symbolsOrHidden));
    const result = kernel.forward(inputs, layer.training);
    const { steps, rows, units } = layout.sizes;
    const state = (part: Output): Output => tf.reshape(part, [rows, units]);
    const h = state(result.h);
    const trace = { layout, index: layer.index, inputs, result };
    return {
      hidden: [tf.reshape(result.output, [steps * rows, units])],
      final: result.c === undefined ? [h] : [h, state(result.c)],
      backward: ([upstream], gradients) => runBackward(tf, kernel, trace, assertDefined(upstream), gradients),
    };
  };
}

function layoutOf(mode: FusedMode, spec: ModelSpec, shape: RowGroupShape, { index }: LayerStart): Layout {
  const { rows, rnnSize, vocabularySize } = shape;
  const inputs = index === 0 ? vocabularySize : rnnSize;
  return {
    mode,
    sizes: { steps: assertDefined(shape.chunks[0]), rows, inputs, units: rnnSize },
    gateRows: gateCount(spec) * rnnSize,
  };
}

function kernelInputs(tf: Operations, layout: Layout, layer: LayerStart, input: Output): FusedInputs {
  const { mode, sizes } = layout;
  const { steps, rows, inputs, units } = sizes;
  const vectors = layer.index === 0 ? tf.oneHot(input, inputs) : input;
  const state = (part: Output): Output => tf.reshape(part, [1, rows, units]);
  const [h, c] = layer.initial;
  return {
    mode,
    sizes,
    input: tf.reshape(vectors, [steps, rows, inputs]),
    h: state(h),
    c: c === undefined ? undefined : state(c),
    parameters: packParameters(tf, layout, layer),
  };
}

/** Weights and biases as the kernel's single vector. Both bias vectors act only as their sum, which is stored in place of the first one. */
function packParameters(tf: Operations, layout: Layout, { index, weights }: LayerStart): Output {
  const { sizes, gateRows } = layout;
  const wx = index === 0 ? tf.transpose(weights.wx) : weights.wx;
  const flat = (a: Output, columns: number): Output =>
    tf.reshape(swapGates(tf, layout, tf.reshape(a, [gateRows, columns])), [gateRows * columns]);
  const parts = [flat(wx, sizes.inputs), flat(weights.wh, sizes.units), flat(weights.bias, 1)];
  return tf.concat([...parts, tf.zerosLike(assertDefined(parts[2]))], 0);
}

function runBackward(
  tf: Operations,
  kernel: FusedRecurrence,
  { layout, index, inputs, result }: Trace,
  upstream: Output,
  gradients: Gradients,
): readonly Output[] {
  const { steps, rows, units } = layout.sizes;
  const back = kernel.backward(inputs, result, tf.reshape(upstream, [steps, rows, units]));
  const { wx, wh, bias } = unpackGradients(tf, layout, back.parameters);
  gradients.add(`layers.${index}.wx`, index === 0 ? tf.transpose(wx) : wx);
  gradients.add(`layers.${index}.wh.0`, wh);
  gradients.add(`layers.${index}.bias`, bias);
  return index === 0 ? [] : [tf.reshape(back.input, [steps * rows, layout.sizes.inputs])];
}

/** The inverse of packParameters, for gradients; the two bias vectors share one gradient. */
function unpackGradients(
  tf: Operations,
  layout: Layout,
  packed: Output,
): { readonly wx: Output; readonly wh: Output; readonly bias: Output } {
  const { sizes, gateRows } = layout;
  const lengths = [gateRows * sizes.inputs, gateRows * sizes.units, gateRows, gateRows];
  const [wx, wh, bias] = tf.split(packed, lengths, 0);
  const matrix = (a: Output | undefined, columns: number): Output =>
    swapGates(tf, layout, tf.reshape(assertDefined(a), [gateRows, columns]));
  return {
    wx: matrix(wx, sizes.inputs),
    wh: matrix(wh, sizes.units),
    bias: tf.reshape(matrix(bias, 1), [1, gateRows]),
  };
}

/** Charloom (like char-rnn) orders LSTM's gates i, f, o, g, the kernel i, f, g, o: the same swap converts in both directions. */
function swapGates(tf: Operations, { mode, sizes: { units } }: Layout, rows: Output): Output {
  if (mode !== 'lstm') return rows;
  const [i, f, third, fourth] = tf.split(rows, [units, units, units, units], 0);
  return tf.concat([assertDefined(i), assertDefined(f), assertDefined(fourth), assertDefined(third)], 0);
}
