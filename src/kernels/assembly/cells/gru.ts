import { one4, sigmoid4, sigmoidBack, tanh4, tanhBack } from '../elementwise';
import { Layer, Network, PANEL } from '../generated/network';
import { begins } from '../records';
import { addBack, addProduct, addRecurrent, addToEarlier } from '../recurrence';

export function forwardGru(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  const panelsPerGate = net.size / PANEL;
  const before = layer.hidden + <usize>t * stepBytes;
  const reset = layer.operand + <usize>t * stepBytes;
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

export function backGru(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    gruBlendBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, incoming + n * bytes, bytes);
  }
  // Through n's recurrent product first: its gradient with respect to r * h' is what r needs.
  addBack(net, layer, t, 2 * net.size, net.size, net.carryGrad, net.zeros, 0, firstRow, lastRow);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const earlier = t === 0 || begins(net, t, row) ? <usize>0 : incoming + (n - <usize>net.batch) * bytes;
    gruResetBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, net.carryGrad + <usize>row * bytes, incoming + n * bytes, earlier, bytes);
  }
  addToEarlier(net, layer, incoming, t, 2 * net.size, firstRow, lastRow);
}

export function sampleGru(net: Network, layer: Layer): void {
  const bytes = <usize>(net.size * 4);
  const gates = net.sampleGates;
  const perGate = net.size / PANEL;
  addProduct(net, layer.sampleHidden, layer.recurrentW, 0, 2 * perGate);
  gruGates(gates, layer.sampleHidden, net.sampleScratch, bytes);
  addProduct(net, net.sampleScratch, layer.recurrentW, 2 * perGate, perGate);
  gruBlend(gates, layer.sampleHidden, layer.sampleHidden, bytes);
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

/** z and n become their gradients; `hiddenGrad` becomes dh * (1 - z), the part that reaches h' directly. */
export function gruBlendBack(gates: usize, before: usize, hiddenGrad: usize, bytes: usize): void {
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
export function gruResetBack(gates: usize, before: usize, resetGrad: usize, kept: usize, earlier: usize, bytes: usize): void {
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
