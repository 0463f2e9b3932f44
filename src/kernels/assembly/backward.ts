import { applyDropout } from './forward';
import { GRU, Layer, layerOf, LSTM, Network } from './network';
import { multiplyRows, PANEL } from './products';

/**
 * Walks rows [firstRow, lastRow) back from the logits' gradient to every layer's gate gradients, which replace the gate values.
 * Rows stay independent; what couples them, the weight gradients, is summed afterwards in gradients.ts.
 */
export function backwardRows(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  let incoming = net.hiddenGrad;
  let below = net.hiddenGradBelow;
  const panelBytes = <usize>(net.vocabularyPadded * PANEL * 4);
  spread(net, net.logits, net.vocabularyPadded, net.decoderWPacked, panelBytes, incoming, firstRow, lastRow);
  if (dropping) dropGradient(net, incoming, net.layers, firstRow, lastRow);
  for (let index = net.layers - 1; index >= 0; index--) {
    const layer = layerOf(net, index);
    for (let t = net.time - 1; t >= 0; t--) {
      if (net.model === LSTM) backLstm(net, layer, incoming, t, firstRow, lastRow);
      else if (net.model === GRU) backGru(net, layer, incoming, t, firstRow, lastRow);
      else backRnn(net, layer, incoming, t, firstRow, lastRow);
    }
    if (index === 0) break;
    spread(net, layer.gateValues, net.gates, layer.inputWPacked, <usize>(net.gates * PANEL * 4), below, firstRow, lastRow);
    if (dropping) dropGradient(net, below, index, firstRow, lastRow);
    const swap = incoming;
    incoming = below;
    below = swap;
  }
}

/** target[n][Hp] = source[n][k] * packed transpose, over all time steps, panel by panel so that a panel stays in cache. */
function spread(net: Network, source: usize, k: i32, w: usize, panelBytes: usize, target: usize, firstRow: i32, lastRow: i32): void {
  const sourceBytes = <usize>(k * 4);
  const hiddenBytes = <usize>(net.size * 4);
  for (let panel = 0; panel < net.size / PANEL; panel++) {
    for (let t = 0; t < net.time; t++) {
      const n = <usize>(t * net.batch + firstRow);
      multiplyRows(
        net.wide,
        source + n * sourceBytes,
        sourceBytes,
        lastRow - firstRow,
        w + <usize>panel * panelBytes,
        panelBytes,
        k,
        1,
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

function lstmCellBack(gates: usize, cellBefore: usize, cellTanh: usize, hiddenGrad: usize, carry: usize, bytes: usize): void {
  const one = f32x4.splat(1.0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const atI = gates + at;
    const atF = atI + bytes;
    const atO = atF + bytes;
    const atG = atO + bytes;
    const i = v128.load(atI);
    const f = v128.load(atF);
    const o = v128.load(atO);
    const g = v128.load(atG);
    const squashed = v128.load(cellTanh + at);
    const dh = v128.load(hiddenGrad + at);
    const through = f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(squashed, squashed)));
    const dc = f32x4.add(v128.load(carry + at), through);
    v128.store(atI, f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i))));
    v128.store(atF, f32x4.mul(f32x4.mul(dc, v128.load(cellBefore + at)), f32x4.mul(f, f32x4.sub(one, f))));
    v128.store(atO, f32x4.mul(f32x4.mul(dh, squashed), f32x4.mul(o, f32x4.sub(one, o))));
    v128.store(atG, f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(carry + at, f32x4.mul(dc, f));
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
  const one = f32x4.splat(1.0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const atN = gates + 2 * bytes + at;
    const z = v128.load(gates + at);
    const n = v128.load(atN);
    const dh = v128.load(hiddenGrad + at);
    const keep = f32x4.sub(one, z);
    v128.store(atN, f32x4.mul(f32x4.mul(dh, z), f32x4.sub(one, f32x4.mul(n, n))));
    v128.store(gates + at, f32x4.mul(f32x4.mul(dh, f32x4.sub(n, v128.load(before + at))), f32x4.mul(z, keep)));
    v128.store(hiddenGrad + at, f32x4.mul(dh, keep));
  }
}

/** r becomes its gradient; the hidden state of time t-1 (where there is one) receives both direct parts. */
function gruResetBack(gates: usize, before: usize, resetGrad: usize, kept: usize, earlier: usize, bytes: usize): void {
  const one = f32x4.splat(1.0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const atR = gates + bytes + at;
    const r = v128.load(atR);
    const product = v128.load(resetGrad + at);
    v128.store(atR, f32x4.mul(f32x4.mul(product, v128.load(before + at)), f32x4.mul(r, f32x4.sub(one, r))));
    if (earlier === 0) continue;
    const direct = f32x4.add(v128.load(kept + at), f32x4.mul(product, r));
    v128.store(earlier + at, f32x4.add(v128.load(earlier + at), direct));
  }
}

function backRnn(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * bytes;
  const one = f32x4.splat(1.0);
  const first = <usize>(t * net.batch + firstRow) * bytes;
  const last = <usize>(t * net.batch + lastRow) * bytes;
  for (let at = first; at < last; at += 16) {
    const h = v128.load(layer.hidden + stepBytes + at);
    v128.store(layer.gateValues + at, f32x4.mul(v128.load(incoming + at), f32x4.sub(one, f32x4.mul(h, h))));
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}
