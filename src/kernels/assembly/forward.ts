import { exp4, mix4, sigmoid4, sumLanes, tanh4 } from './elementwise';
import { GRU, Layer, layerOf, LSTM, Network } from './network';
import { multiplyRows, PANEL, panelGroup } from './products';

/** Forward pass of rows [firstRow, lastRow) of every time step. Rows depend on no other row, so threads need not meet here. */
export function forwardRows(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    if (index > 0) projectInput(net, layer, layerOf(net, index - 1), firstRow, lastRow, dropping);
    for (let t = 0; t < net.time; t++) {
      if (index === 0) gatherInput(net, layer, t, firstRow, lastRow);
      if (net.model === LSTM) stepLstm(net, layer, t, firstRow, lastRow);
      else if (net.model === GRU) stepGru(net, layer, t, firstRow, lastRow);
      else stepRnn(net, layer, t, firstRow, lastRow);
    }
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

/** Address of what a layer hands upwards at time t: its hidden state, or that after dropout. */
@inline
export function outputOf(net: Network, layer: Layer, t: i32, dropping: bool): usize {
  const stepBytes = <usize>net.batch * <usize>(net.size * 4);
  return dropping ? layer.dropped + <usize>t * stepBytes : layer.hidden + <usize>(t + 1) * stepBytes;
}

/** gates = bias + output of the layer below * inputW over all time steps, a group of panels at a time so that they stay in cache. */
function projectInput(net: Network, layer: Layer, below: Layer, firstRow: i32, lastRow: i32, dropping: bool): void {
  const panels = net.gates / PANEL;
  const panelBytes = net.size * PANEL * 4;
  const group = panelGroup(panelBytes);
  const hiddenBytes = <usize>(net.size * 4);
  const gateBytes = <usize>(net.gates * 4);
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
        layer.gateValues + <usize>(t * net.batch + firstRow) * gateBytes + column,
        gateBytes,
        layer.biasSum + column,
        0,
      );
    }
  }
}

/** gates[t] += source * recurrentW for `panels` panels from `panel` on; source rows are [Hp]. */
@inline
function addRecurrent(net: Network, layer: Layer, source: usize, t: i32, firstRow: i32, lastRow: i32, panel: i32, panels: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const gateBytes = <usize>(net.gates * 4);
  const panelBytes = <usize>(net.size * PANEL * 4);
  const target = layer.gateValues + <usize>(t * net.batch + firstRow) * gateBytes + <usize>(panel * PANEL * 4);
  multiplyRows(
    net.wide,
    source + <usize>firstRow * hiddenBytes,
    hiddenBytes,
    lastRow - firstRow,
    layer.recurrentW + <usize>panel * panelBytes,
    panelBytes,
    net.size,
    panels,
    target,
    gateBytes,
    target,
    gateBytes,
  );
}

function stepLstm(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  addRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const before = layer.cell + n * hiddenBytes;
    lstmCell(
      layer.gateValues + n * (hiddenBytes * 4),
      before,
      before + stepBytes,
      layer.hidden + n * hiddenBytes + stepBytes,
      layer.cellTanh + n * hiddenBytes,
      hiddenBytes,
    );
  }
}

/** One row: gates i,f,o,g become their activations; c = f*c' + i*g, h = o*tanh(c). `bytes` = Hp * 4. */
export function lstmCell(gates: usize, cellBefore: usize, cell: usize, hidden: usize, cellTanh: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const i = gates + at;
    const f = i + bytes;
    const o = f + bytes;
    const g = o + bytes;
    const input0 = sigmoid4(v128.load(i));
    const input1 = sigmoid4(v128.load(i, 16));
    const forget0 = sigmoid4(v128.load(f));
    const forget1 = sigmoid4(v128.load(f, 16));
    const output0 = sigmoid4(v128.load(o));
    const output1 = sigmoid4(v128.load(o, 16));
    const candidate0 = tanh4(v128.load(g));
    const candidate1 = tanh4(v128.load(g, 16));
    const c0 = f32x4.add(f32x4.mul(forget0, v128.load(cellBefore + at)), f32x4.mul(input0, candidate0));
    const c1 = f32x4.add(f32x4.mul(forget1, v128.load(cellBefore + at, 16)), f32x4.mul(input1, candidate1));
    const squashed0 = tanh4(c0);
    const squashed1 = tanh4(c1);
    v128.store(i, input0);
    v128.store(i, input1, 16);
    v128.store(f, forget0);
    v128.store(f, forget1, 16);
    v128.store(o, output0);
    v128.store(o, output1, 16);
    v128.store(g, candidate0);
    v128.store(g, candidate1, 16);
    v128.store(cell + at, c0);
    v128.store(cell + at, c1, 16);
    v128.store(cellTanh + at, squashed0);
    v128.store(cellTanh + at, squashed1, 16);
    v128.store(hidden + at, f32x4.mul(output0, squashed0));
    v128.store(hidden + at, f32x4.mul(output1, squashed1), 16);
  }
}

function stepGru(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  const panelsPerGate = net.size / PANEL;
  const before = layer.hidden + <usize>t * stepBytes;
  const reset = layer.cell + <usize>t * stepBytes;
  addRecurrent(net, layer, before, t, firstRow, lastRow, 0, 2 * panelsPerGate);
  for (let row = firstRow; row < lastRow; row++) {
    const at = <usize>row * hiddenBytes;
    gruGates(layer.gateValues + <usize>(t * net.batch + row) * (hiddenBytes * 3), before + at, reset + at, hiddenBytes);
  }
  addRecurrent(net, layer, reset, t, firstRow, lastRow, 2 * panelsPerGate, panelsPerGate);
  for (let row = firstRow; row < lastRow; row++) {
    const at = <usize>row * hiddenBytes;
    gruBlend(layer.gateValues + <usize>(t * net.batch + row) * (hiddenBytes * 3), before + at, before + at + stepBytes, hiddenBytes);
  }
}

/** One row: z and r become their activations, r * h' goes to `reset`. */
export function gruGates(gates: usize, before: usize, reset: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const z = gates + at;
    const r = z + bytes;
    const update0 = sigmoid4(v128.load(z));
    const update1 = sigmoid4(v128.load(z, 16));
    const reset0 = sigmoid4(v128.load(r));
    const reset1 = sigmoid4(v128.load(r, 16));
    const product0 = f32x4.mul(reset0, v128.load(before + at));
    const product1 = f32x4.mul(reset1, v128.load(before + at, 16));
    v128.store(z, update0);
    v128.store(z, update1, 16);
    v128.store(r, reset0);
    v128.store(r, reset1, 16);
    v128.store(reset + at, product0);
    v128.store(reset + at, product1, 16);
  }
}

/** One row: n = tanh(...); h = z*n + (1-z)*h' (z weighs the new state, as in char-rnn). */
export function gruBlend(gates: usize, before: usize, hidden: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const z = gates + at;
    const n = z + 2 * bytes;
    const candidate0 = tanh4(v128.load(n));
    const candidate1 = tanh4(v128.load(n, 16));
    const old0 = v128.load(before + at);
    const old1 = v128.load(before + at, 16);
    const blend0 = f32x4.add(old0, f32x4.mul(v128.load(z), f32x4.sub(candidate0, old0)));
    const blend1 = f32x4.add(old1, f32x4.mul(v128.load(z, 16), f32x4.sub(candidate1, old1)));
    v128.store(n, candidate0);
    v128.store(n, candidate1, 16);
    v128.store(hidden + at, blend0);
    v128.store(hidden + at, blend1, 16);
  }
}

function stepRnn(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  addRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  const first = <usize>(t * net.batch + firstRow) * hiddenBytes;
  const last = <usize>(t * net.batch + lastRow) * hiddenBytes;
  tanhRun(layer.gateValues + first, layer.hidden + stepBytes + first, last - first);
}

/** target = tanh(source) over `bytes` bytes, a multiple of 32. */
export function tanhRun(source: usize, target: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const h0 = tanh4(v128.load(source + at));
    const h1 = tanh4(v128.load(source + at, 16));
    v128.store(target + at, h0);
    v128.store(target + at, h1, 16);
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
    // Counters run over the true width H; lanes beyond it hold zeros whatever their factor.
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
  const stepBytes = <usize>net.batch * <usize>(net.size * 4);
  for (let t = 0; t < net.time; t++) {
    applyDropout(net, layer.hidden + stepBytes, layer.dropped, site, t, firstRow, lastRow);
  }
}

/** logits = top output * decoder + bias, then loss and, in place, nothing yet: see softmaxRow. */
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
