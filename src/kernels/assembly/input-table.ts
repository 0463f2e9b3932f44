import { Layer, Network, PANEL } from './generated/network';
import { normalise, normaliseBack } from './normalise';

/**
 * The normalised input of the first layer. A symbol is one-hot, so its product is one row of the weights, and its contribution to the gates depends
 * on nothing else: a table, computed for each step, holds it for every symbol. In the backward pass a norm is linear in its row's gradient, so it is
 * computed once per symbol, with the sum of the gradients of all its occurrences.
 */

/** Makes this thread's share of the table. */
export function prepareTable(net: Network, layer: Layer, thread: i32, threads: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  for (let symbol = firstSymbol(net, thread, threads); symbol < firstSymbol(net, thread + 1, threads); symbol++) {
    const row = <usize>symbol * gateBytes;
    const entry = layer.inputTable + row;
    gatherRow(net, layer.inputW, symbol, layer.inputNormed + row);
    // The sum of the biases may not be ready yet: another thread computes it.
    for (let at: usize = 0; at < gateBytes; at += 16) {
      v128.store(entry + at, f32x4.add(v128.load(layer.inputB + at), v128.load(layer.recurrentB + at)));
    }
    const scale = normalise(net, layer.inputNormed + row, net.gates / net.size, layer.inputGain, entry, entry);
    store<f32>(layer.inputScale + <usize>(symbol * 4), scale);
  }
}

/** Gradients of gain and biases in one panel, symbols in ascending order. The panel's part of inputWGrad holds the gate gradients' sum of each. */
export function tableSums(net: Network, layer: Layer, panel: i32): void {
  const column = <usize>(panel * PANEL * 4);
  const stride = <usize>(net.gates * 4);
  for (let at = column; at < column + <usize>(PANEL * 4); at += 16) {
    let from = layer.inputWGrad + column * <usize>net.vocabulary + (at - column);
    let hat = layer.inputNormed + at;
    let gain = f32x4.splat(0);
    let bias = f32x4.splat(0);
    for (let symbol = 0; symbol < net.vocabulary; symbol++) {
      const gradient = v128.load(from);
      gain = f32x4.add(gain, f32x4.mul(gradient, v128.load(hat)));
      bias = f32x4.add(bias, gradient);
      from += PANEL * 4;
      hat += stride;
    }
    v128.store(layer.inputGainGrad + at, gain);
    v128.store(layer.inputBGrad + at, bias);
  }
}

/**
 * Turns this thread's share of inputWGrad from sums of gate gradients into the weights' gradients. The table is no longer needed and serves as
 * scratch space.
 */
export function tableBack(net: Network, layer: Layer, thread: i32, threads: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  for (let symbol = firstSymbol(net, thread, threads); symbol < firstSymbol(net, thread + 1, threads); symbol++) {
    const row = <usize>symbol * gateBytes;
    const gradient = layer.inputTable + row;
    gatherRow(net, layer.inputWGrad, symbol, gradient);
    const scale = load<f32>(layer.inputScale + <usize>(symbol * 4));
    normaliseBack(net, gradient, layer.inputNormed + row, net.gates / net.size, layer.inputGain, scale);
    scatterRow(net, layer.inputNormed + row, symbol, layer.inputWGrad);
  }
}

/** The first of a thread's symbols; `threads` gives the end. */
@inline
function firstSymbol(net: Network, thread: i32, threads: i32): i32 {
  return <i32>((<i64>net.vocabulary * thread) / threads);
}

/** A symbol's row of panels [R/16][V][16], as one row [R]. */
export function gatherRow(net: Network, panels: usize, symbol: i32, row: usize): void {
  copyRow(net, panels + <usize>(symbol * PANEL * 4), <usize>(net.vocabulary * PANEL * 4), row, PANEL * 4);
}

/** The inverse of gatherRow. */
function scatterRow(net: Network, row: usize, symbol: i32, panels: usize): void {
  copyRow(net, row, PANEL * 4, panels + <usize>(symbol * PANEL * 4), <usize>(net.vocabulary * PANEL * 4));
}

function copyRow(net: Network, from: usize, fromStride: usize, to: usize, toStride: usize): void {
  for (let panel = 0; panel < net.gates / PANEL; panel++) {
    memory.copy(to, from, PANEL * 4);
    from += fromStride;
    to += toStride;
  }
}
