import { fma4 } from '../arithmetic';
import { sigmoid4, sigmoidBack, sumLanes, tanh4, tanhBack } from '../elementwise';
import { Layer, Network, NORM_EPSILON, PANEL } from '../generated/network';
import { addNormalised, fillPadding, normaliseInputBack, normaliseRecurrent, normaliseRecurrentBack, squaresAround } from '../normalise';
import { begins } from '../records';
import { addToEarlier, writeRecurrent } from '../recurrence';
import { cellBefore } from './lstm';

/**
 * The LSTM with both products and the cell state before its tanh normalised: c = f*c' + i*g as ever, h = o * tanh(LN(c) * gc + bc). The c that is
 * carried is not normalised.
 */
export function forwardLstmNorm(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  writeRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const cell = layer.cell + n * hiddenBytes + stepBytes;
    const gates = layer.gateValues + n * (hiddenBytes * 4);
    normaliseRecurrent(net, layer, n, 0, 0, 4);
    const mean = newCell(net, gates, cellBefore(net, layer, t, row), cell);
    const scale = cellScale(net, cell, mean);
    const output = gates + 2 * hiddenBytes;
    squash(net, layer, cell, mean, scale, output, layer.cellTanh + n * hiddenBytes, layer.hidden + n * hiddenBytes + stepBytes);
    store<f32>(layer.cellMean + n * 4, mean);
    store<f32>(layer.cellScale + n * 4, scale);
  }
}

export function backLstmNorm(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * bytes;
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const at = n * bytes;
    const gates = layer.gateValues + n * (4 * bytes);
    const carry = net.carryGrad + <usize>row * bytes;
    if (t === net.time - 1) memory.fill(carry, 0, bytes);
    squashBack(net, layer, n, <usize>row, incoming + at, layer.cell + stepBytes + at, carry);
    newCellBack(gates, cellBefore(net, layer, t, row), carry, bytes);
    if (begins(net, t, row)) memory.fill(carry, 0, bytes);
    normaliseRecurrentBack(net, layer, n, <usize>row, 0, 0, 4);
    normaliseInputBack(net, layer, n, <usize>row);
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}

export function sampleLstmNorm(net: Network, layer: Layer): void {
  const bytes = <usize>(net.size * 4);
  addNormalised(net, layer, layer.sampleHidden, 0, 4);
  const mean = newCell(net, net.sampleGates, layer.sampleCell, layer.sampleCell);
  const scale = cellScale(net, layer.sampleCell, mean);
  squash(net, layer, layer.sampleCell, mean, scale, net.sampleGates + 2 * bytes, net.sampleScratch, layer.sampleHidden);
}

/** One row: gates i,f,o,g become their activations; c = f*c' + i*g. Returns the mean of c. */
function newCell(net: Network, gates: usize, cellBefore: usize, cell: usize): f32 {
  const bytes = <usize>(net.size * 4);
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
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
    sum0 = f32x4.add(sum0, c0);
    sum1 = f32x4.add(sum1, c1);
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
  }
  return sumLanes(f32x4.add(sum0, sum1)) / <f32>net.units;
}

/** 1 / standard deviation of a cell state, whose padding is zero before and after. */
function cellScale(net: Network, cell: usize, mean: f32): f32 {
  if (net.units !== net.size) fillPadding(net, cell, 1, mean);
  const squares = squaresAround(cell, cell + <usize>(net.size * 4), mean);
  if (net.units !== net.size) fillPadding(net, cell, 1, 0);
  return 1.0 / sqrt<f32>(squares / <f32>net.units + NORM_EPSILON);
}

/** One row: tanh of the normalised cell state, and the hidden state. Padding becomes zero because gain and bias are zero. */
function squash(net: Network, layer: Layer, cell: usize, mean: f32, scale: f32, output: usize, cellTanh: usize, hidden: usize): void {
  const bytes = <usize>(net.size * 4);
  const mean4 = f32x4.splat(mean);
  const scale4 = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 32) {
    const hat0 = f32x4.mul(f32x4.sub(v128.load(cell + at), mean4), scale4);
    const hat1 = f32x4.mul(f32x4.sub(v128.load(cell + at, 16), mean4), scale4);
    const squashed0 = tanh4(fma4(hat0, v128.load(layer.cellGain + at), v128.load(layer.cellB + at)));
    const squashed1 = tanh4(fma4(hat1, v128.load(layer.cellGain + at, 16), v128.load(layer.cellB + at, 16)));
    v128.store(cellTanh + at, squashed0);
    v128.store(cellTanh + at, squashed1, 16);
    v128.store(hidden + at, f32x4.mul(v128.load(output + at), squashed0));
    v128.store(hidden + at, f32x4.mul(v128.load(output + at, 16), squashed1), 16);
  }
}

/**
 * The backward pass of squash for row n: the output gate becomes its gradient, gain and bias sum theirs, `hiddenGrad` becomes the gradient of the
 * normalised state, and that of the state itself is added to `carry`.
 */
function squashBack(net: Network, layer: Layer, n: usize, row: usize, hiddenGrad: usize, cell: usize, carry: usize): void {
  const bytes = <usize>(net.size * 4);
  const output = layer.gateValues + n * (4 * bytes) + 2 * bytes;
  const cellTanh = layer.cellTanh + n * bytes;
  const gainSums = layer.cellGainSums + row * bytes;
  const biasSums = layer.cellBSums + row * bytes;
  const scale = load<f32>(layer.cellScale + n * 4);
  const mean4 = f32x4.splat(load<f32>(layer.cellMean + n * 4));
  const scale4 = f32x4.splat(scale);
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let product0 = zero;
  let product1 = zero;
  for (let at: usize = 0; at < bytes; at += 32) {
    const o0 = v128.load(output + at);
    const o1 = v128.load(output + at, 16);
    const squashed0 = v128.load(cellTanh + at);
    const squashed1 = v128.load(cellTanh + at, 16);
    const dh0 = v128.load(hiddenGrad + at);
    const dh1 = v128.load(hiddenGrad + at, 16);
    const hat0 = f32x4.mul(f32x4.sub(v128.load(cell + at), mean4), scale4);
    const hat1 = f32x4.mul(f32x4.sub(v128.load(cell + at, 16), mean4), scale4);
    const d0 = tanhBack(f32x4.mul(dh0, o0), squashed0);
    const d1 = tanhBack(f32x4.mul(dh1, o1), squashed1);
    const u0 = f32x4.mul(d0, v128.load(layer.cellGain + at));
    const u1 = f32x4.mul(d1, v128.load(layer.cellGain + at, 16));
    const gains0 = fma4(d0, hat0, v128.load(gainSums + at));
    const gains1 = fma4(d1, hat1, v128.load(gainSums + at, 16));
    const biases0 = f32x4.add(v128.load(biasSums + at), d0);
    const biases1 = f32x4.add(v128.load(biasSums + at, 16), d1);
    v128.store(output + at, sigmoidBack(f32x4.mul(dh0, squashed0), o0));
    v128.store(output + at, sigmoidBack(f32x4.mul(dh1, squashed1), o1), 16);
    v128.store(gainSums + at, gains0);
    v128.store(gainSums + at, gains1, 16);
    v128.store(biasSums + at, biases0);
    v128.store(biasSums + at, biases1, 16);
    v128.store(hiddenGrad + at, u0);
    v128.store(hiddenGrad + at, u1, 16);
    sum0 = f32x4.add(sum0, u0);
    sum1 = f32x4.add(sum1, u1);
    product0 = fma4(u0, hat0, product0);
    product1 = fma4(u1, hat1, product1);
  }
  const shift4 = f32x4.splat(sumLanes(f32x4.add(sum0, sum1)) / <f32>net.units);
  const along4 = f32x4.splat(-(sumLanes(f32x4.add(product0, product1)) / <f32>net.units));
  for (let at: usize = 0; at < bytes; at += 32) {
    const hat0 = f32x4.mul(f32x4.sub(v128.load(cell + at), mean4), scale4);
    const hat1 = f32x4.mul(f32x4.sub(v128.load(cell + at, 16), mean4), scale4);
    const centred0 = fma4(hat0, along4, f32x4.sub(v128.load(hiddenGrad + at), shift4));
    const centred1 = fma4(hat1, along4, f32x4.sub(v128.load(hiddenGrad + at, 16), shift4));
    const carry0 = fma4(centred0, scale4, v128.load(carry + at));
    const carry1 = fma4(centred1, scale4, v128.load(carry + at, 16));
    v128.store(carry + at, carry0);
    v128.store(carry + at, carry1, 16);
  }
  if (net.units !== net.size) fillPadding(net, carry, 1, 0);
}

/** The backward pass of newCell: i, f and g become their gradients; `carry`, the gradient of the cell state, becomes that of the previous one. */
function newCellBack(gates: usize, cellBefore: usize, carry: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const atI = gates + at;
    const atF = atI + bytes;
    const atG = atF + 2 * bytes;
    const i0 = v128.load(atI);
    const i1 = v128.load(atI, 16);
    const f0 = v128.load(atF);
    const f1 = v128.load(atF, 16);
    const g0 = v128.load(atG);
    const g1 = v128.load(atG, 16);
    const dc0 = v128.load(carry + at);
    const dc1 = v128.load(carry + at, 16);
    v128.store(atI, sigmoidBack(f32x4.mul(dc0, g0), i0));
    v128.store(atI, sigmoidBack(f32x4.mul(dc1, g1), i1), 16);
    v128.store(atF, sigmoidBack(f32x4.mul(dc0, v128.load(cellBefore + at)), f0));
    v128.store(atF, sigmoidBack(f32x4.mul(dc1, v128.load(cellBefore + at, 16)), f1), 16);
    v128.store(atG, tanhBack(f32x4.mul(dc0, i0), g0));
    v128.store(atG, tanhBack(f32x4.mul(dc1, i1), g1), 16);
    v128.store(carry + at, f32x4.mul(dc0, f0));
    v128.store(carry + at, f32x4.mul(dc1, f1), 16);
  }
}
