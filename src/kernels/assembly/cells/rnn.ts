import { tanh4, tanhBack } from '../elementwise';
import { Layer, Network, PANEL } from '../generated/network';
import { addProduct, addRecurrent, addToEarlier } from '../recurrence';

export function forwardRnn(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  addRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  const first = <usize>(t * net.batch + firstRow) * hiddenBytes;
  const last = <usize>(t * net.batch + lastRow) * hiddenBytes;
  tanhRun(layer.gateValues + first, layer.hidden + stepBytes + first, last - first);
  if (net.starts !== 0) memory.copy(layer.gateValues + first, layer.hidden + stepBytes + first, last - first);
}

export function backRnn(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  const first = <usize>(t * net.batch + firstRow) * bytes;
  const last = <usize>(t * net.batch + lastRow) * bytes;
  tanhRunBack(incoming + first, activations(net, layer) + first, layer.gateValues + first, last - first);
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}

/** Address of the tanh values, [N][Hp]: the hidden states, or a copy where records clear those. */
@inline
export function activations(net: Network, layer: Layer): usize {
  return net.starts !== 0 ? layer.gateValues : layer.hidden + <usize>net.batch * <usize>(net.size * 4);
}

export function sampleRnn(net: Network, layer: Layer): void {
  addProduct(net, layer.sampleHidden, layer.recurrentW, 0, net.gates / PANEL);
  tanhRun(net.sampleGates, layer.sampleHidden, <usize>(net.size * 4));
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

/** target = gradient through hidden = tanh(...) over `bytes` bytes, a multiple of 32. */
export function tanhRunBack(gradient: usize, hidden: usize, target: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const gradient0 = tanhBack(v128.load(gradient + at), v128.load(hidden + at));
    const gradient1 = tanhBack(v128.load(gradient + at, 16), v128.load(hidden + at, 16));
    v128.store(target + at, gradient0);
    v128.store(target + at, gradient1, 16);
  }
}
