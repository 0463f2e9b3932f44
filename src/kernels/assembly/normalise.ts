import { fma4 } from './arithmetic';
import { sumLanes } from './elementwise';
import { Layer, Network, NORM_EPSILON, PANEL } from './generated/network';
import { rowProduct } from './recurrence';

/**
 * Layer normalisation of rows (arXiv 1607.06450), forwards and backwards. A row is `blocks` blocks of Hp floats; means are over its true H * blocks
 * elements. Its padding is zero before and after: while the squares are summed it holds the mean, whose distance from the mean is zero.
 */

/**
 * row = (row - mean) / sqrt(variance + epsilon) in place, and target = initial + row * gain.
 * @returns 1 / sqrt(variance + epsilon)
 */
export function normalise(net: Network, row: usize, blocks: i32, gain: usize, initial: usize, target: usize): f32 {
  const end = row + <usize>(blocks * net.size * 4);
  const share: f32 = 1.0 / <f32>(blocks * net.units);
  const mean = rowSum(row, end) * share;
  if (net.units !== net.size) fillPadding(net, row, blocks, mean);
  const scale: f32 = 1.0 / sqrt<f32>(squaresAround(row, end, mean) * share + NORM_EPSILON);
  const mean4 = f32x4.splat(mean);
  const scale4 = f32x4.splat(scale);
  while (row < end) {
    const hat0 = f32x4.mul(f32x4.sub(v128.load(row), mean4), scale4);
    const hat1 = f32x4.mul(f32x4.sub(v128.load(row, 16), mean4), scale4);
    const hat2 = f32x4.mul(f32x4.sub(v128.load(row, 32), mean4), scale4);
    const hat3 = f32x4.mul(f32x4.sub(v128.load(row, 48), mean4), scale4);
    const sum0 = fma4(hat0, v128.load(gain), v128.load(initial));
    const sum1 = fma4(hat1, v128.load(gain, 16), v128.load(initial, 16));
    const sum2 = fma4(hat2, v128.load(gain, 32), v128.load(initial, 32));
    const sum3 = fma4(hat3, v128.load(gain, 48), v128.load(initial, 48));
    v128.store(row, hat0);
    v128.store(row, hat1, 16);
    v128.store(row, hat2, 32);
    v128.store(row, hat3, 48);
    v128.store(target, sum0);
    v128.store(target, sum1, 16);
    v128.store(target, sum2, 32);
    v128.store(target, sum3, 48);
    row += 64;
    gain += 64;
    initial += 64;
    target += 64;
  }
  return scale;
}

/** What walkBack sums over time besides its result: constants at every call, so that they cost no branch. */
const SUM_GAIN: i32 = 1;
const SUM_BIAS: i32 = 2;

/**
 * The backward pass of sum = hat * gain + bias, hat = (row - mean) * scale: target = the gradient of the row before it was normalised,
 * scale * (u - mean(u) - hat * mean(u * hat)) with u = gradient * gain. The gain's own gradient is added to `gainSums`, the bias's to `biasSums`.
 * The target may be `hat` or `gradient`.
 */
@inline
function walkBack(net: Network, gradient: usize, hat: usize, blocks: i32, gain: usize, gainSums: usize, biasSums: usize, sums: i32, scale: f32, target: usize): void {
  const bytes = <usize>(blocks * net.size * 4);
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let product0 = zero;
  let product1 = zero;
  for (let at: usize = 0; at < bytes; at += 32) {
    const d0 = v128.load(gradient + at);
    const d1 = v128.load(gradient + at, 16);
    const hat0 = v128.load(hat + at);
    const hat1 = v128.load(hat + at, 16);
    const u0 = f32x4.mul(d0, v128.load(gain + at));
    const u1 = f32x4.mul(d1, v128.load(gain + at, 16));
    sum0 = f32x4.add(sum0, u0);
    sum1 = f32x4.add(sum1, u1);
    product0 = fma4(u0, hat0, product0);
    product1 = fma4(u1, hat1, product1);
    if (sums & SUM_GAIN) {
      const gains0 = fma4(d0, hat0, v128.load(gainSums + at));
      const gains1 = fma4(d1, hat1, v128.load(gainSums + at, 16));
      v128.store(gainSums + at, gains0);
      v128.store(gainSums + at, gains1, 16);
    }
    if (sums & SUM_BIAS) {
      const biases0 = f32x4.add(v128.load(biasSums + at), d0);
      const biases1 = f32x4.add(v128.load(biasSums + at, 16), d1);
      v128.store(biasSums + at, biases0);
      v128.store(biasSums + at, biases1, 16);
    }
  }
  const share: f32 = 1.0 / <f32>(blocks * net.units);
  const mean4 = f32x4.splat(sumLanes(f32x4.add(sum0, sum1)) * share);
  const along4 = f32x4.splat(-(sumLanes(f32x4.add(product0, product1)) * share));
  const scale4 = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 32) {
    const u0 = f32x4.mul(v128.load(gradient + at), v128.load(gain + at));
    const u1 = f32x4.mul(v128.load(gradient + at, 16), v128.load(gain + at, 16));
    const centred0 = fma4(v128.load(hat + at), along4, f32x4.sub(u0, mean4));
    const centred1 = fma4(v128.load(hat + at, 16), along4, f32x4.sub(u1, mean4));
    v128.store(target + at, f32x4.mul(centred0, scale4));
    v128.store(target + at, f32x4.mul(centred1, scale4), 16);
  }
  if (net.units !== net.size) fillPadding(net, target, blocks, 0);
}

/** The backward pass of a row whose gain already has its gradient; `hat` becomes the gradient. */
export function normaliseBack(net: Network, gradient: usize, hat: usize, blocks: i32, gain: usize, scale: f32): void {
  walkBack(net, gradient, hat, blocks, gain, 0, 0, 0, scale, hat);
}

/** The sum of the floats in [row, end), always in the same order. */
export function rowSum(row: usize, end: usize): f32 {
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let sum2 = zero;
  let sum3 = zero;
  while (row < end) {
    sum0 = f32x4.add(sum0, v128.load(row));
    sum1 = f32x4.add(sum1, v128.load(row, 16));
    sum2 = f32x4.add(sum2, v128.load(row, 32));
    sum3 = f32x4.add(sum3, v128.load(row, 48));
    row += 64;
  }
  return sumLanes(f32x4.add(f32x4.add(sum0, sum2), f32x4.add(sum1, sum3)));
}

/** The sum of (float - mean)^2 in [row, end), always in the same order. */
export function squaresAround(row: usize, end: usize, mean: f32): f32 {
  const mean4 = f32x4.splat(mean);
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let sum2 = zero;
  let sum3 = zero;
  while (row < end) {
    const d0 = f32x4.sub(v128.load(row), mean4);
    const d1 = f32x4.sub(v128.load(row, 16), mean4);
    const d2 = f32x4.sub(v128.load(row, 32), mean4);
    const d3 = f32x4.sub(v128.load(row, 48), mean4);
    sum0 = fma4(d0, d0, sum0);
    sum1 = fma4(d1, d1, sum1);
    sum2 = fma4(d2, d2, sum2);
    sum3 = fma4(d3, d3, sum3);
    row += 64;
  }
  return sumLanes(f32x4.add(f32x4.add(sum0, sum2), f32x4.add(sum1, sum3)));
}

/** Writes `value` into the elements of a row beyond the H true ones of each block. */
export function fillPadding(net: Network, row: usize, blocks: i32, value: f32): void {
  for (let block = 0; block < blocks; block++) {
    const start = row + <usize>(block * net.size * 4);
    for (let unit = net.units; unit < net.size; unit++) store<f32>(start + <usize>(unit * 4), value);
  }
}

/** The initial values of row n of a layer's gates, the input's contribution and the biases: in the first layer, its symbol's row of the table. */
@inline
function inputPart(net: Network, layer: Layer, n: usize): usize {
  const gateBytes = <usize>(net.gates * 4);
  if (layer.inputTable === 0) return layer.gateValues + n * gateBytes;
  return layer.inputTable + <usize>load<i32>(net.inputs + n * 4) * gateBytes;
}

/** gates = the input's product, normalised, times gain, plus biases, for row n of a layer above the first. */
function normaliseInput(net: Network, layer: Layer, n: usize): void {
  const row = n * <usize>(net.gates * 4);
  const scale = normalise(net, layer.inputNormed + row, net.gates / net.size, layer.inputGain, layer.biasSum, layer.gateValues + row);
  store<f32>(layer.inputScale + n * 4, scale);
}

/**
 * gates = the input's contribution + recurrent product, normalised, times gain, for row n of one group: `blocks` gates from gate `first` on. The
 * first group computes the input's contribution to all gates.
 */
export function normaliseRecurrent(net: Network, layer: Layer, n: usize, group: i32, first: i32, blocks: i32): void {
  const column = <usize>(first * net.size * 4);
  const row = n * <usize>(net.gates * 4) + column;
  if (group === 0 && layer.inputTable === 0) normaliseInput(net, layer, n);
  const scale = normalise(
    net,
    layer.recurrentNormed + row,
    blocks,
    layer.recurrentGain + column,
    inputPart(net, layer, n) + column,
    layer.gateValues + row,
  );
  store<f32>(scaleOf(net, layer, n, group), scale);
}

@inline
function scaleOf(net: Network, layer: Layer, n: usize, group: i32): usize {
  return layer.recurrentScale + (<usize>(group * net.time * net.batch) + n) * 4;
}

/** The backward pass of the recurrent product, from the gradient in the gates. `row` is n's row of the batch. */
export function normaliseRecurrentBack(net: Network, layer: Layer, n: usize, row: usize, group: i32, first: i32, blocks: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  const column = <usize>(first * net.size * 4);
  const hat = layer.recurrentNormed + n * gateBytes + column;
  const gainSums = layer.recurrentGainSums + row * gateBytes + column;
  const scale = load<f32>(scaleOf(net, layer, n, group));
  walkBack(net, layer.gateValues + n * gateBytes + column, hat, blocks, layer.recurrentGain + column, gainSums, 0, SUM_GAIN, scale, hat);
}

/**
 * The backward pass of the input's product, after that of every group: its gradient replaces that of the gates, which is no longer needed. In the
 * first layer, where the gates keep theirs, it is done once for each symbol (input-table.ts).
 */
export function normaliseInputBack(net: Network, layer: Layer, n: usize, row: usize): void {
  if (layer.inputTable !== 0) return;
  const gateBytes = <usize>(net.gates * 4);
  const gates = layer.gateValues + n * gateBytes;
  const hat = layer.inputNormed + n * gateBytes;
  const gainSums = layer.inputGainSums + row * gateBytes;
  const biasSums = layer.biasSums + row * gateBytes;
  const scale = load<f32>(layer.inputScale + n * 4);
  walkBack(net, gates, hat, net.gates / net.size, layer.inputGain, gainSums, biasSums, SUM_GAIN | SUM_BIAS, scale, gates);
}

/** Sets rows [firstRow, lastRow) of the sums over time to zero. */
export function clearSums(net: Network, layer: Layer, firstRow: i32, lastRow: i32): void {
  const rows = <usize>(lastRow - firstRow);
  const gateBytes = <usize>(net.gates * 4);
  const bytes = <usize>(net.size * 4);
  const first = <usize>firstRow;
  memory.fill(layer.recurrentGainSums + first * gateBytes, 0, rows * gateBytes);
  if (layer.inputGainSums !== 0) {
    memory.fill(layer.inputGainSums + first * gateBytes, 0, rows * gateBytes);
    memory.fill(layer.biasSums + first * gateBytes, 0, rows * gateBytes);
  }
  if (layer.cellGainSums === 0) return;
  memory.fill(layer.cellGainSums + first * bytes, 0, rows * bytes);
  memory.fill(layer.cellBSums + first * bytes, 0, rows * bytes);
}

/** sampleGates += source * recurrentW, normalised, times gain, of one group: `blocks` gates from gate `first` on. */
export function addNormalised(net: Network, layer: Layer, source: usize, first: i32, blocks: i32): void {
  const column = <usize>(first * net.size * 4);
  const panels = net.size / PANEL;
  const w = layer.recurrentW + column * <usize>net.size;
  const product = net.sampleProduct + column;
  const gates = net.sampleGates + column;
  rowProduct(net, source, w, blocks * panels, product, net.zeros);
  normalise(net, product, blocks, layer.recurrentGain + column, gates, gates);
}
