import { Layer, Network, PANEL } from '../generated/network';
import { addNormalised, normaliseInputBack, normaliseRecurrent, normaliseRecurrentBack } from '../normalise';
import { begins } from '../records';
import { addBack, addToEarlier, writeRecurrent } from '../recurrence';
import { gruBlend, gruBlendBack, gruGates, gruResetBack } from './gru';

/** The GRU with its products normalised: the input's over all gates, the recurrent ones over z and r together and over n alone. */
export function forwardGruNorm(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  const panelsPerGate = net.size / PANEL;
  const before = layer.hidden + <usize>t * stepBytes;
  const reset = layer.operand + <usize>t * stepBytes;
  writeRecurrent(net, layer, before, t, firstRow, lastRow, 0, 2 * panelsPerGate);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const at = <usize>row * hiddenBytes;
    normaliseRecurrent(net, layer, n, 0, 0, 2);
    gruGates(layer.gateValues + n * (hiddenBytes * 3), before + at, reset + at, hiddenBytes);
  }
  writeRecurrent(net, layer, reset, t, firstRow, lastRow, 2 * panelsPerGate, panelsPerGate);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const at = <usize>row * hiddenBytes;
    normaliseRecurrent(net, layer, n, 1, 2, 1);
    gruBlend(layer.gateValues + n * (hiddenBytes * 3), before + at, before + at + stepBytes, hiddenBytes);
  }
}

export function backGruNorm(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    gruBlendBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, incoming + n * bytes, bytes);
    normaliseRecurrentBack(net, layer, n, <usize>row, 1, 2, 1);
  }
  // Through n's recurrent product first: its gradient with respect to r * h' is what r needs.
  addBack(net, layer, t, 2 * net.size, net.size, net.carryGrad, net.zeros, 0, firstRow, lastRow);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const earlier = t === 0 || begins(net, t, row) ? <usize>0 : incoming + (n - <usize>net.batch) * bytes;
    gruResetBack(layer.gateValues + n * (3 * bytes), layer.hidden + n * bytes, net.carryGrad + <usize>row * bytes, incoming + n * bytes, earlier, bytes);
    normaliseRecurrentBack(net, layer, n, <usize>row, 0, 0, 2);
    normaliseInputBack(net, layer, n, <usize>row);
  }
  addToEarlier(net, layer, incoming, t, 2 * net.size, firstRow, lastRow);
}

export function sampleGruNorm(net: Network, layer: Layer): void {
  const bytes = <usize>(net.size * 4);
  addNormalised(net, layer, layer.sampleHidden, 0, 2);
  gruGates(net.sampleGates, layer.sampleHidden, net.sampleScratch, bytes);
  addNormalised(net, layer, net.sampleScratch, 2, 1);
  gruBlend(net.sampleGates, layer.sampleHidden, layer.sampleHidden, bytes);
}
