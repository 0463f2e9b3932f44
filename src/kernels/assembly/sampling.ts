import { gruBlend, gruGates, lstmCell, tanhRun } from './forward';
import { GRU, Layer, layerOf, LSTM, Network } from './network';
import { multiplyRows, PANEL } from './products';

/** Feeds one symbol to the sampling stream: one row, no dropout, states of its own; logits [Vp] are left in sampleLogits. */
export function sampleStep(net: Network, symbol: i32): void {
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    startGates(net, layer, index === 0 ? symbol : -1);
    if (index > 0) addProduct(net, layerOf(net, index - 1).sampleHidden, layer.inputW, 0, net.gates / PANEL);
    sampleCell(net, layer);
  }
  const top = layerOf(net, net.layers - 1);
  rowProduct(
    net,
    top.sampleHidden,
    net.decoderW,
    net.vocabularyPadded / PANEL,
    net.sampleLogits,
    net.decoderB,
  );
}

/** gates = both biases, plus the symbol's row of the input weights in layer 0. */
function startGates(net: Network, layer: Layer, symbol: i32): void {
  const panelBytes = <usize>(net.vocabulary * PANEL * 4);
  for (let panel = 0; panel < net.gates / PANEL; panel++) {
    const column = <usize>(panel * PANEL * 4);
    const row = layer.inputW + <usize>panel * panelBytes + <usize>(symbol * PANEL * 4);
    for (let at: usize = 0; at < <usize>(PANEL * 4); at += 16) {
      let sum = f32x4.add(v128.load(layer.inputB + column + at), v128.load(layer.recurrentB + column + at));
      if (symbol >= 0) sum = f32x4.add(v128.load(row + at), sum);
      v128.store(net.sampleGates + column + at, sum);
    }
  }
}

function sampleCell(net: Network, layer: Layer): void {
  const bytes = <usize>(net.size * 4);
  const gates = net.sampleGates;
  const panels = net.gates / PANEL;
  if (net.model === LSTM) {
    addProduct(net, layer.sampleHidden, layer.recurrentW, 0, panels);
    lstmCell(gates, layer.sampleCell, layer.sampleCell, layer.sampleHidden, net.sampleScratch, bytes);
  } else if (net.model === GRU) {
    const perGate = net.size / PANEL;
    addProduct(net, layer.sampleHidden, layer.recurrentW, 0, 2 * perGate);
    gruGates(gates, layer.sampleHidden, net.sampleScratch, bytes);
    addProduct(net, net.sampleScratch, layer.recurrentW, 2 * perGate, perGate);
    gruBlend(gates, layer.sampleHidden, layer.sampleHidden, bytes);
  } else {
    addProduct(net, layer.sampleHidden, layer.recurrentW, 0, panels);
    tanhRun(gates, layer.sampleHidden, bytes);
  }
}

/** sampleGates += source * w for `panels` panels from `panel` on. */
function addProduct(net: Network, source: usize, w: usize, panel: i32, panels: i32): void {
  const target = net.sampleGates + <usize>(panel * PANEL * 4);
  rowProduct(net, source, w + <usize>(panel * PANEL * 4) * <usize>net.size, panels, target, target);
}

function rowProduct(net: Network, source: usize, w: usize, panels: i32, target: usize, initial: usize): void {
  multiplyRows(
    net.wide,
    source,
    0,
    1,
    w,
    <usize>(net.size * PANEL * 4),
    net.size,
    panels,
    target,
    0,
    initial,
    0,
  );
}
