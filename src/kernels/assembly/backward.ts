import { applyDropout } from './forward';
import { backCell } from './generated/cells';
import { layerOf, Network, PANEL } from './generated/network';
import { clearSums } from './normalise';
import { multiplyRows, panelGroup } from './products';

/**
 * Backpropagates rows [firstRow, lastRow) from the logits' gradient to every layer's gate gradients, which replace the gate values. Rows stay
 * independent; what couples them, the weight gradients, is summed afterwards in gradients.ts.
 */
export function backwardRows(net: Network, firstRow: i32, lastRow: i32, dropping: bool): void {
  let incoming = net.hiddenGrad;
  let below = net.hiddenGradBelow;
  spread(net, net.logits, net.vocabularyPadded, net.decoderWPacked, incoming, false, firstRow, lastRow);
  if (dropping) dropGradient(net, incoming, net.layers, firstRow, lastRow);
  for (let index = net.layers - 1; index >= 0; index--) {
    const layer = layerOf(net, index);
    // A residual connection passes the gradient of the output down, before the cell changes it.
    const handsOn = net.residual !== 0 && index > 0;
    if (handsOn) copyRows(net, incoming, below, firstRow, lastRow);
    if (net.layerNorm) clearSums(net, layer, firstRow, lastRow);
    for (let t = net.time - 1; t >= 0; t--) {
      backCell(net, layer, incoming, t, firstRow, lastRow);
    }
    if (index === 0) break;
    spread(net, layer.gateValues, net.gates, layer.inputWPacked, below, handsOn, firstRow, lastRow);
    if (dropping) dropGradient(net, below, index, firstRow, lastRow);
    const swap = incoming;
    incoming = below;
    below = swap;
  }
}

/**
 * target[n][Hp] = source[n][k] * packed transpose (or += that) over all time steps, a group of panels at a time so that they stay in cache.
 */
function spread(net: Network, source: usize, k: i32, w: usize, target: usize, adding: bool, firstRow: i32, lastRow: i32): void {
  const sourceBytes = <usize>(k * 4);
  const hiddenBytes = <usize>(net.size * 4);
  const panels = net.size / PANEL;
  const panelBytes = k * PANEL * 4;
  const group = panelGroup(panelBytes);
  for (let panel = 0; panel < panels; panel += group) {
    for (let t = 0; t < net.time; t++) {
      const n = <usize>(t * net.batch + firstRow);
      const to = target + n * hiddenBytes + <usize>(panel * PANEL * 4);
      multiplyRows(
        net.wide,
        source + n * sourceBytes,
        sourceBytes,
        lastRow - firstRow,
        w + <usize>panel * <usize>panelBytes,
        panelBytes,
        k,
        min(group, panels - panel),
        to,
        hiddenBytes,
        adding ? to : net.zeros,
        adding ? hiddenBytes : 0,
      );
    }
  }
}

function dropGradient(net: Network, gradient: usize, site: i32, firstRow: i32, lastRow: i32): void {
  for (let t = 0; t < net.time; t++) applyDropout(net, gradient, gradient, site, t, firstRow, lastRow);
}

/** Copies rows [firstRow, lastRow) of every time step from one [N][Hp] buffer into another. */
function copyRows(net: Network, source: usize, target: usize, firstRow: i32, lastRow: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const bytes = <usize>(lastRow - firstRow) * hiddenBytes;
  for (let t = 0; t < net.time; t++) {
    const at = <usize>(t * net.batch + firstRow) * hiddenBytes;
    memory.copy(target + at, source + at, bytes);
  }
}
