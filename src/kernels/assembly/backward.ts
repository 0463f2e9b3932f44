import { one4 } from './elementwise';
import { applyDropout } from './forward';
import { GRU, Layer, layerOf, LSTM, Network } from './network';
import { multiplyRows, PANEL, panelGroup } from './products';

/**
 * Walks rows [firstRow, lastRow) back from the logits' gradient to every layer's gate gradients, which replace the gate values.
 * Rows stay independent; what couples them, the weight gradients, is summed afterwards in gradients.ts.
 */
export function backwardRows(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  let incoming = net.hiddenGrad;
  let below = net.hiddenGradBelow;
  spread(net, net.logits, net.vocabularyPadded, net.decoderWPacked, incoming, firstRow, lastRow);
  if (dropping) dropGradient(net, incoming, net.layers, firstRow, lastRow);
  for (let index = net.layers - 1; index >= 0; index--) {
    const layer = layerOf(net, index);
    for (let t = net.time - 1; t >= 0; t--) {
      if (net.model === LSTM) backLstm(net, layer, incoming, t, firstRow, lastRow);
      else if (net.model === GRU) backGru(net, layer, incoming, t, firstRow, lastRow);
      else backRnn(net, layer, incoming, t, firstRow, lastRow);
    }
    if (index === 0) break;
    spread(net, layer.gateValues, net.gates, layer.inputWPacked, below, firstRow, lastRow);
    if (dropping) dropGradient(net, below, index, firstRow, lastRow);
    const swap = incoming;
    incoming = below;
    below = swap;
  }
}

/** target[n][Hp] = source[n][k] * packed transpose over all time steps, a group of panels at a time so that they stay in cache. */
function spread(net: Network, source: usize, k: i32, w: usize, target: usize, firstRow: i32, lastRow: i32): void {
  const sourceBytes = <usize>(k * 4);
  const hiddenBytes = <usize>(net.size * 4);
  const panels = net.size / PANEL;
  const panelBytes = k * PANEL * 4;
  const group = panelGroup(panelBytes);
  for (let panel = 0; panel < panels; panel += group) {
    for (let t = 0; t < net.time; t++) {
      const n = <usize>(t * net.batch + firstRow);
      multiplyRows(
        net.wide,
        source + n * sourceBytes,
        sourceBytes,
        lastRow - firstRow,
        w + <usize>panel * <usize>panelBytes,
        panelBytes,
        k,
        min(group, panels - panel),
        target + n * hiddenBytes + <usize>(panel * PANEL * 4),
        hiddenBytes,
        net.zeros,
        0,
      );
    }
  }
}

function dropGradient(net: Network, gradient: usize, site: i32, firstRow: i32, lastRow: i32): void {
  for (let t = 0; t < net.time; t++) applyDropout(net, gradient, gradient, site, t, firstRow, lastRow);
}

/** target[row] += gate gradients of time t (`terms` of them from gate column `from`) * recurrent weights. */
@inline
function addBack(net: Network, layer: Layer, t: i32, from: i32, terms: i32, target: usize, initial: usize, initialStride: usize, firstRow: i32, lastRow: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  const hiddenBytes = <usize>(net.size * 4);
  multiplyRows(
    net.wide,
    layer.gateValues + <usize>(t * net.batch + firstRow) * gateBytes + <usize>(from * 4),
    gateBytes,
    lastRow - firstRow,
    layer.recurrentWPacked + <usize>(from * PANEL * 4),
    <usize>(net.gates * PANEL * 4),
    terms,
    net.size / PANEL,
    target + <usize>firstRow * hiddenBytes,
    hiddenBytes,
    initial,
    initialStride,
  );
}

/** The gradient for the hidden state of time t-1 has two sources: what is already in `incoming`, and the gates of time t. */
@inline
function addToEarlier(net: Network, layer: Layer, incoming: usize, t: i32, terms: i32, firstRow: i32, lastRow: i32): void {
  if (t === 0) return;
  const hiddenBytes = <usize>(net.size * 4);
  const earlier = incoming + <usize>((t - 1) * net.batch) * hiddenBytes;
  addBack(net, layer, t, 0, terms, earlier, earlier + <usize>firstRow * hiddenBytes, hiddenBytes, firstRow, lastRow);
}

function backLstm(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const carry = net.carryGrad + <usize>row * bytes;
    if (t === net.time - 1) memory.fill(carry, 0, bytes);
    lstmCellBack(layer.gateValues + n * (4 * bytes), layer.cell + n * bytes, layer.cellTanh + n * bytes, incoming + n * bytes, carry, bytes);
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}

/** dx of y = tanh x. */
@inline
function tanhBack(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(one4(), f32x4.mul(y, y)));
}

/** dx of y = sigmoid x. */
@inline
function sigmoidBack(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one4(), y)));
}

function lstmCellBack(gates: usize, cellBefore: usize, cellTanh: usize, hiddenGrad: usize, carry: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const atI = gates + at;
    const atF = atI + bytes;
    const atO = atF + bytes;
    const atG = atO + bytes;
    const i0 = v128.load(atI);
    const i1 = v128.load(atI, 16);
    const f0 = v128.load(atF);
    const f1 = v128.load(atF, 16);
    const o0 = v128.load(atO);
    const o1 = v128.load(atO, 16);
    const g0 = v128.load(atG);
    const g1 = v128.load(atG, 16);
    const squashed0 = v128.load(cellTanh + at);
    const squashed1 = v128.load(cellTanh + at, 16);
    const before0 = v128.load(cellBefore + at);
    const before1 = v128.load(cellBefore + at, 16);
    const dh0 = v128.load(hiddenGrad + at);
    const dh1 = v128.load(hiddenGrad + at, 16);
    const dc0 = f32x4.add(v128.load(carry + at), tanhBack(f32x4.mul(dh0, o0), squashed0));
    const dc1 = f32x4.add(v128.load(carry + at, 16), tanhBack(f32x4.mul(dh1, o1), squashed1));
    v128.store(atI, sigmoidBack(f32x4.mul(dc0, g0), i0));
    v128.store(atI, sigmoidBack(f32x4.mul(dc1, g1), i1), 16);
    v128.store(atF, sigmoidBack(f32x4.mul(dc0, before0), f0));
    v128.store(atF, sigmoidBack(f32x4.mul(dc1, before1), f1), 16);
    v128.store(atO, sigmoidBack(f32x4.mul(dh0, squashed0), o0));
    v128.store(atO, sigmoidBack(f32x4.mul(dh1, squashed1), o1), 16);
    v128.store(atG, tanhBack(f32x4.mul(dc0, i0), g0));
    v128.store(atG, tanhBack(f32x4.mul(dc1, i1), g1), 16);
    v128.store(carry + at, f32x4.mul(dc0, f0));
    v128.store(carry + at, f32x4.mul(dc1, f1), 16);
  }
}

function backGru(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    gruBlendBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, incoming + n * bytes, bytes);
  }
  // Through n's recurrent product first: its gradient with respect to r * h' is what r needs.
  addBack(net, layer, t, 2 * net.size, net.size, net.carryGrad, net.zeros, 0, firstRow, lastRow);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const earlier = t === 0 ? <usize>0 : incoming + (n - <usize>net.batch) * bytes;
    gruResetBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, net.carryGrad + <usize>row * bytes, incoming + n * bytes, earlier, bytes);
  }
  addToEarlier(net, layer, incoming, t, 2 * net.size, firstRow, lastRow);
}

/** z and n become their gradients; `hiddenGrad` becomes dh * (1 - z), the part that reaches h' directly. */
function gruBlendBack(gates: usize, before: usize, hiddenGrad: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const atZ = gates + at;
    const atN = atZ + 2 * bytes;
    const z0 = v128.load(atZ);
    const z1 = v128.load(atZ, 16);
    const n0 = v128.load(atN);
    const n1 = v128.load(atN, 16);
    const before0 = v128.load(before + at);
    const before1 = v128.load(before + at, 16);
    const dh0 = v128.load(hiddenGrad + at);
    const dh1 = v128.load(hiddenGrad + at, 16);
    v128.store(atN, tanhBack(f32x4.mul(dh0, z0), n0));
    v128.store(atN, tanhBack(f32x4.mul(dh1, z1), n1), 16);
    v128.store(atZ, sigmoidBack(f32x4.mul(dh0, f32x4.sub(n0, before0)), z0));
    v128.store(atZ, sigmoidBack(f32x4.mul(dh1, f32x4.sub(n1, before1)), z1), 16);
    v128.store(hiddenGrad + at, f32x4.mul(dh0, f32x4.sub(one4(), z0)));
    v128.store(hiddenGrad + at, f32x4.mul(dh1, f32x4.sub(one4(), z1)), 16);
  }
}

/** r becomes its gradient; the hidden state of time t-1 (where there is one) receives both direct parts. */
function gruResetBack(gates: usize, before: usize, resetGrad: usize, kept: usize, earlier: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const atR = gates + bytes + at;
    const r0 = v128.load(atR);
    const r1 = v128.load(atR, 16);
    const product0 = v128.load(resetGrad + at);
    const product1 = v128.load(resetGrad + at, 16);
    const gradient0 = sigmoidBack(f32x4.mul(product0, v128.load(before + at)), r0);
    const gradient1 = sigmoidBack(f32x4.mul(product1, v128.load(before + at, 16)), r1);
    v128.store(atR, gradient0);
    v128.store(atR, gradient1, 16);
    if (earlier === 0) continue;
    const direct0 = f32x4.add(v128.load(kept + at), f32x4.mul(product0, r0));
    const direct1 = f32x4.add(v128.load(kept + at, 16), f32x4.mul(product1, r1));
    const sum0 = f32x4.add(v128.load(earlier + at), direct0);
    const sum1 = f32x4.add(v128.load(earlier + at, 16), direct1);
    v128.store(earlier + at, sum0);
    v128.store(earlier + at, sum1, 16);
  }
}

function backRnn(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * bytes;
  const first = <usize>(t * net.batch + firstRow) * bytes;
  const last = <usize>(t * net.batch + lastRow) * bytes;
  const hidden = layer.hidden + stepBytes;
  for (let at = first; at < last; at += 32) {
    const gradient0 = tanhBack(v128.load(incoming + at), v128.load(hidden + at));
    const gradient1 = tanhBack(v128.load(incoming + at, 16), v128.load(hidden + at, 16));
    v128.store(layer.gateValues + at, gradient0);
    v128.store(layer.gateValues + at, gradient1, 16);
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}
