import { sigmoid4, sigmoidBack, tanh4, tanhBack } from '../elementwise';
import { Layer, Network, PANEL } from '../generated/network';
import { begins } from '../records';
import { addProduct, addRecurrent, addToEarlier } from '../recurrence';

export function forwardLstm(net: Network, layer: Layer, t: i32, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const stepBytes = <usize>net.batch * hiddenBytes;
  addRecurrent(net, layer, layer.hidden + <usize>t * stepBytes, t, firstRow, lastRow, 0, net.gates / PANEL);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    lstmCell(
      layer.gateValues + n * (hiddenBytes * 4),
      cellBefore(net, layer, t, row),
      layer.cell + n * hiddenBytes + stepBytes,
      layer.hidden + n * hiddenBytes + stepBytes,
      layer.cellTanh + n * hiddenBytes,
      hiddenBytes,
    );
  }
}

export function backLstm(net: Network, layer: Layer, incoming: usize, t: i32, firstRow: i32, lastRow: i32): void {
  const bytes = <usize>(net.size * 4);
  for (let row = firstRow; row < lastRow; row++) {
    const n = <usize>(t * net.batch + row);
    const carry = net.carryGrad + <usize>row * bytes;
    if (t === net.time - 1) memory.fill(carry, 0, bytes);
    lstmCellBack(layer.gateValues + n * (4 * bytes), cellBefore(net, layer, t, row), layer.cellTanh + n * bytes, incoming + n * bytes, carry, bytes);
    if (begins(net, t, row)) memory.fill(carry, 0, bytes);
  }
  addToEarlier(net, layer, incoming, t, net.gates, firstRow, lastRow);
}

/** Address of the previous cell state of row `row` of time t: zeros where a record starts. */
@inline
export function cellBefore(net: Network, layer: Layer, t: i32, row: i32): usize {
  return begins(net, t, row) ? net.zeros : layer.cell + <usize>(t * net.batch + row) * <usize>(net.size * 4);
}

export function sampleLstm(net: Network, layer: Layer): void {
  addProduct(net, layer.sampleHidden, layer.recurrentW, 0, net.gates / PANEL);
  lstmCell(net.sampleGates, layer.sampleCell, layer.sampleCell, layer.sampleHidden, net.sampleScratch, <usize>(net.size * 4));
}

/** One row: gates i,f,o,g become their activations; c = f*c' + i*g, h = o*tanh(c). `bytes` = Hp * 4. */
function lstmCell(gates: usize, cellBefore: usize, cell: usize, hidden: usize, cellTanh: usize, bytes: usize): void {
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

/** One row: gate values become their gradients; `carry`, the gradient of the cell state, becomes that of the previous one. */
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
