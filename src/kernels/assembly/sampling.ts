import { sampleCell } from './generated/cells';
import { Layer, layerOf, Network, PANEL } from './generated/network';
import { addRun } from './forward';
import { gatherRow } from './input-table';
import { normalise } from './normalise';
import { addProduct, rowProduct } from './recurrence';

/** Feeds one symbol to the sampling stream: one row, no dropout, separate states; the logits [Vp] are left in sampleLogits. */
export function sampleStep(net: Network, symbol: i32): void {
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    const input = index === 0 ? <usize>0 : sampledOutput(layerOf(net, index - 1));
    if (net.layerNorm) startNormalised(net, layer, symbol, input);
    else {
      startGates(net, layer, index === 0 ? symbol : -1);
      if (index > 0) addProduct(net, input, layer.inputW, 0, net.gates / PANEL);
    }
    sampleCell(net, layer);
    if (layer.sampleOutput !== 0) addRun(layer.sampleHidden, input, layer.sampleOutput, <usize>(net.size * 4));
  }
  const top = layerOf(net, net.layers - 1);
  rowProduct(
    net,
    sampledOutput(top),
    net.decoderW,
    net.vocabularyPadded / PANEL,
    net.sampleLogits,
    net.decoderB,
  );
}

/** Address of a layer's output while sampling. */
@inline
function sampledOutput(layer: Layer): usize {
  return layer.sampleOutput !== 0 ? layer.sampleOutput : layer.sampleHidden;
}

/** gates = the input's product, normalised, times gain, plus both biases. `input` is 0 in the first layer, which reads the symbol. */
function startNormalised(net: Network, layer: Layer, symbol: i32, input: usize): void {
  if (input === 0) gatherRow(net, layer.inputW, symbol, net.sampleProduct);
  else rowProduct(net, input, layer.inputW, net.gates / PANEL, net.sampleProduct, net.zeros);
  startGates(net, layer, -1);
  normalise(net, net.sampleProduct, net.gates / net.size, layer.inputGain, net.sampleGates, net.sampleGates);
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
