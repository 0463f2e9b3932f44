import { Layer, Network, PANEL } from '../generated/network';
import { addNormalised, normaliseInputBack, normaliseRecurrent, normaliseRecurrentBack } from '../normalise';
import { addToEarlier, writeRecurrent } from '../recurrence';
import { activations, tanhRun, tanhRunBack } from './rnn';

/** The RNN with both products normalised: h = tanh(LN(Wx) * gx + b + LN(Uh) * gh). */
export function forwardRnnNorm(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * bytes;
  writeRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    normaliseRecurrent(net, layer, n, 0, 0, 1);
    tanhRun(layer.gateValues + n * bytes, layer.hidden + stepBytes + n * bytes, bytes);
    if (net.starts !== 0) memory.copy(layer.gateValues + n * bytes, layer.hidden + stepBytes + n * bytes, bytes);
  }
}

export function backRnnNorm(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    tanhRunBack(incoming + n * bytes, activations(net, layer) + n * bytes, layer.gateValues + n * bytes, bytes);
    normaliseRecurrentBack(net, layer, n, <usize>row, 0, 0, 1);
    normaliseInputBack(net, layer, n, <usize>row);
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}

export function sampleRnnNorm(net: Network, layer: Layer): void {
  addNormalised(net, layer, layer.sampleHidden, 0, 1);
  tanhRun(net.sampleGates, layer.sampleHidden, <usize>(net.size * 4));
}
