import { exp4, mix4, sumLanes } from './elementwise';
import { forwardCell } from './generated/cells';
import { Layer, layerOf, Network, PANEL } from './generated/network';
import { multiplyRows, panelGroup } from './products';
import { begins } from './records';

/** Forward pass of rows [firstRow, lastRow) of every time step. Rows depend on no other row, so threads need not synchronise here. */
export function forwardRows(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    if (index > 0) projectInput(net, layer, layerOf(net, index - 1), firstRow, lastRow, dropping);
    if (net.starts !== 0) clearStarts(net, layer, 0, firstRow, lastRow);
    for (let t = 0; t < net.time; t++) {
      // A normalised first layer reads its table itself.
      if (index === 0 && !net.layerNorm) gatherInput(net, layer, t, firstRow, lastRow);
      forwardCell(net, layer, t, firstRow, lastRow);
      if (net.starts !== 0) keepOutput(net, layer, t, firstRow, lastRow);
    }
    if (net.residual !== 0 && index > 0) addInput(net, layer, layerOf(net, index - 1), firstRow, lastRow, dropping);
    if (dropping) dropRows(net, layer, index + 1, firstRow, lastRow);
  }
  decode(net, firstRow, lastRow, dropping);
}

/** A one-hot input times a matrix is one of its rows: gates[n] = bias + inputW[x[n]]. */
function gatherInput(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const panels = net.gates / PANEL;
  const panelBytes = <usize>(net.vocabulary * PANEL * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = t * net.batch + row;
    let source = layer.inputW + <usize>(load<i32>(net.inputs + <usize>(n * 4)) * PANEL * 4);
    let target = layer.gateValues + <usize>n * <usize>(net.gates * 4);
    let bias = layer.biasSum;
    for (let panel = 0; panel < panels; panel++) {
      const sum0 = f32x4.add(v128.load(source), v128.load(bias));
      const sum1 = f32x4.add(v128.load(source, 16), v128.load(bias, 16));
      const sum2 = f32x4.add(v128.load(source, 32), v128.load(bias, 32));
      const sum3 = f32x4.add(v128.load(source, 48), v128.load(bias, 48));
      v128.store(target, sum0);
      v128.store(target, sum1, 16);
      v128.store(target, sum2, 32);
      v128.store(target, sum3, 48);
      source += panelBytes;
      target += PANEL * 4;
      bias += PANEL * 4;
    }
  }
}

/** Address of a layer's output before dropout at time t: its hidden state, or that plus its input. */
@inline
function madeBy(net: Network, layer: Layer, t: i32): usize {
  const stepBytes = <usize>net.batch * <usize>(net.size * 4);
  return layer.output !== 0 ? layer.output + <usize>t * stepBytes : layer.hidden + <usize>(t + 1) * stepBytes;
}

/** Address of a layer's output at time t, after dropout if there is any. */
@inline
export function outputOf(net: Network, layer: Layer, t: i32, dropping: bool): usize {
  const stepBytes = <usize>net.batch * <usize>(net.size * 4);
  return dropping ? layer.dropped + <usize>t * stepBytes : madeBy(net, layer, t);
}

/** Clears the hidden states that records beginning at time t would find. Cell states are left out where they are read. */
function clearStarts(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    if (begins(net, t, row)) memory.fill(layer.hidden + <usize>(t * net.batch + row) * hiddenBytes, 0, hiddenBytes);
  }
}

/** Copies the hidden state of time t to the output, then clears the carried state where a record starts at time t + 1. */
function keepOutput(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const first = <usize>(t * net.batch + firstRow) * hiddenBytes;
  const stepBytes = <usize>net.batch * hiddenBytes;
  memory.copy(layer.output + first, layer.hidden + stepBytes + first, <usize>(lastRow - firstRow) * hiddenBytes);
  if (t + 1 < net.time) clearStarts(net, layer, t + 1, firstRow, lastRow);
}

/** output = hidden state + output of the layer below. */
function addInput(net: Network, layer: Layer, below: Layer, firstRow: i32, lastRow: i32, dropping: bool): void {
  const stepBytes = <usize>net.batch * <usize>(net.size * 4);
  const first = <usize>firstRow * <usize>(net.size * 4);
  const bytes = <usize>(lastRow - firstRow) * <usize>(net.size * 4);
  const made = net.starts !== 0 ? layer.output : layer.hidden + stepBytes;
  for (let t = 0; t < net.time; t++) {
    const step = <usize>t * stepBytes + first;
    addRun(made + step, outputOf(net, below, t, dropping) + first, layer.output + step, bytes);
  }
}

/** target = a + b over `bytes` bytes, a multiple of 32. */
export function addRun(a: usize, b: usize, target: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const sum0 = f32x4.add(v128.load(a + at), v128.load(b + at));
    const sum1 = f32x4.add(v128.load(a + at, 16), v128.load(b + at, 16));
    v128.store(target + at, sum0);
    v128.store(target + at, sum1, 16);
  }
}

/**
 * gates = bias + output of the layer below * inputW (or inputNormed = that product alone, where it is normalised) over all time steps, a group of
 * panels at a time so that they stay in cache.
 */
function projectInput(net: Network, layer: Layer, below: Layer, firstRow: i32, lastRow: i32, dropping: bool): void {
  const panels = net.gates / PANEL;
  const panelBytes = net.size * PANEL * 4;
  const group = panelGroup(panelBytes);
  const hiddenBytes = <usize>(net.size * 4);
  const gateBytes = <usize>(net.gates * 4);
  const target = net.layerNorm ? layer.inputNormed : layer.gateValues;
  const initial = net.layerNorm ? net.zeros : layer.biasSum;
  for (let panel = 0; panel < panels; panel += group) {
    const column = <usize>(panel * PANEL * 4);
    for (let t = 0; t < net.time; t++) {
      multiplyRows(
        net.wide,
        outputOf(net, below, t, dropping) + <usize>firstRow * hiddenBytes,
        hiddenBytes,
        lastRow - firstRow,
        layer.inputW + <usize>panel * <usize>panelBytes,
        panelBytes,
        net.size,
        min(group, panels - panel),
        target + <usize>(t * net.batch + firstRow) * gateBytes + column,
        gateBytes,
        initial + column,
        0,
      );
    }
  }
}

/** Four lanes of the dropout factor: 0 or 1/(1-p), by src/engine/random/dropout.ts. `element` is the counter of the first lane. */
@inline
export function dropFactor(key: u32, element: i32, threshold: u32, scale: v128): v128 {
  const counters = i32x4.add(i32x4.splat(element), i32x4(0, 1, 2, 3));
  const hashed = mix4(i32x4.add(i32x4.splat(<i32>key), i32x4.mul(counters, i32x4.splat(<i32>0x9e3779b9))));
  return v128.and(scale, i32x4.ge_u(hashed, i32x4.splat(<i32>threshold)));
}

/** Multiplies rows [first, last) of a [N][Hp] buffer by the dropout factors of a site. */
export function applyDropout(net: Network, source: usize, target: usize, site: i32, t: i32, firstRow: i32, lastRow: i32): void {
  const key = load<u32>(net.dropoutKeys + <usize>(site * 4));
  const scale = f32x4.splat(1.0 / (1.0 - net.dropout));
  const units = load<i32>(net.dropoutKeys + <usize>((net.layers + 1) * 4));
  for (let row = firstRow; row < lastRow; row++) {
    const n = t * net.batch + row;
    const base = <usize>n * <usize>(net.size * 4);
    // Counters run over the true width H; lanes beyond it contain zeros, whatever their factor.
    for (let unit = 0; unit < net.size; unit += 8) {
      const at = base + <usize>(unit * 4);
      const kept0 = f32x4.mul(v128.load(source + at), dropFactor(key, n * units + unit, net.dropThreshold, scale));
      const kept1 = f32x4.mul(v128.load(source + at, 16), dropFactor(key, n * units + unit + 4, net.dropThreshold, scale));
      v128.store(target + at, kept0);
      v128.store(target + at, kept1, 16);
    }
  }
}

function dropRows(net: Network, layer: Layer, site: i32, firstRow: i32, lastRow: i32): void {
  for (let t = 0; t < net.time; t++) {
    applyDropout(net, madeBy(net, layer, 0), layer.dropped, site, t, firstRow, lastRow);
  }
}

/** logits = top output * decoder + bias, then the losses and, in place of the logits, their gradient. */
function decode(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  const top = layerOf(net, net.layers - 1);
  const hiddenBytes = <usize>(net.size * 4);
  const logitBytes = <usize>(net.vocabularyPadded * 4);
  for (let t = 0; t < net.time; t++) {
    multiplyRows(
      net.wide,
      outputOf(net, top, t, dropping) + <usize>firstRow * hiddenBytes,
      hiddenBytes,
      lastRow - firstRow,
      net.decoderW,
      <usize>(net.size * PANEL * 4),
      net.size,
      net.vocabularyPadded / PANEL,
      net.logits + <usize>(t * net.batch + firstRow) * logitBytes,
      logitBytes,
      net.decoderB,
      0,
    );
    for (let row = firstRow; row < lastRow; row++) softmaxRow(net, t * net.batch + row);
  }
}

/** Row n: loss = log(sum e^x) - x[target]; the logits become their gradient (softmax - one-hot) / B, padding 0. */
function softmaxRow(net: Network, n: i32): void {
  const row = net.logits + <usize>n * <usize>(net.vocabularyPadded * 4);
  const end = row + <usize>(net.vocabularyPadded * 4);
  const edge = row + <usize>(net.vocabulary * 4);
  const target = row + <usize>(load<i32>(net.targets + <usize>(n * 4)) * 4);
  for (let at = edge; at < end; at += 4) store<f32>(at, -1e30);
  let maximum = v128.load(row);
  for (let at = row + 16; at < end; at += 16) maximum = f32x4.pmax(maximum, v128.load(at));
  const top: f32 = max(
    max(f32x4.extract_lane(maximum, 0), f32x4.extract_lane(maximum, 1)),
    max(f32x4.extract_lane(maximum, 2), f32x4.extract_lane(maximum, 3)),
  );
  const chosen = load<f32>(target);
  const shift = f32x4.splat(top);
  let sums0 = f32x4.splat(0);
  let sums1 = f32x4.splat(0);
  for (let at = row; at < end; at += 32) {
    const e0 = exp4(f32x4.sub(v128.load(at), shift));
    const e1 = exp4(f32x4.sub(v128.load(at, 16), shift));
    v128.store(at, e0);
    v128.store(at, e1, 16);
    sums0 = f32x4.add(sums0, e0);
    sums1 = f32x4.add(sums1, e1);
  }
  const total = sumLanes(f32x4.add(sums0, sums1));
  store<f32>(net.losses + <usize>(n * 4), <f32>(Math.log(<f64>total) - (<f64>chosen - <f64>top)));
  const scale = f32x4.splat(1.0 / (total * <f32>net.batch));
  for (let at = row; at < end; at += 32) {
    const p0 = f32x4.mul(v128.load(at), scale);
    const p1 = f32x4.mul(v128.load(at, 16), scale);
    v128.store(at, p0);
    v128.store(at, p1, 16);
  }
  for (let at = edge; at < end; at += 4) store<f32>(at, 0);
  store<f32>(target, load<f32>(target) - <f32>(1.0 / <f64>net.batch));
}
