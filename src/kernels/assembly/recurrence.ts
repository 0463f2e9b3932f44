import { Layer, Network, PANEL } from './generated/network';
import { multiplyRows } from './products';
import { begins } from './records';

/** The products with recurrent weights that every cell shares: forwards, backwards, and of one row while sampling. */

/** gates[t] += source * recurrentW for `panels` panels from `panel` on; source rows are [Hp]. */
@inline
export function addRecurrent(net: Network, layer: Layer, source: usize, t: i32, firstRow: i32, lastRow: i32, panel: i32, panels: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  const target = layer.gateValues + <usize>(t * net.batch + firstRow) * gateBytes + <usize>(panel * PANEL * 4);
  multiplyRecurrent(net, layer, source, target, target, gateBytes, firstRow, lastRow, panel, panels);
}

/** The same product alone, to be normalised: recurrentNormed[t] = source * recurrentW. */
@inline
export function writeRecurrent(net: Network, layer: Layer, source: usize, t: i32, firstRow: i32, lastRow: i32, panel: i32, panels: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  const target = layer.recurrentNormed + <usize>(t * net.batch + firstRow) * gateBytes + <usize>(panel * PANEL * 4);
  multiplyRecurrent(net, layer, source, target, net.zeros, 0, firstRow, lastRow, panel, panels);
}

@inline
function multiplyRecurrent(net: Network, layer: Layer, source: usize, target: usize, initial: usize, initialStride: usize, firstRow: i32, lastRow: i32, panel: i32, panels: i32): void {
  const hiddenBytes = <usize>(net.size * 4);
  const panelBytes = <usize>(net.size * PANEL * 4);
  multiplyRows(
    net.wide,
    source + <usize>firstRow * hiddenBytes,
    hiddenBytes,
    lastRow - firstRow,
    layer.recurrentW + <usize>panel * panelBytes,
    panelBytes,
    net.size,
    panels,
    target,
    <usize>(net.gates * 4),
    initial,
    initialStride,
  );
}

/** [N][R], gradient of the recurrent product after a row's backward pass: that of the gates, unless the product is normalised. */
@inline
export function recurrentGradient(layer: Layer): usize {
  return layer.recurrentNormed === 0 ? layer.gateValues : layer.recurrentNormed;
}

/** target[row] += product gradients of time t (`terms` of them from gate column `from`) * recurrent weights. */
@inline
export function addBack(net: Network, layer: Layer, t: i32, from: i32, terms: i32, target: usize, initial: usize, initialStride: usize, firstRow: i32, lastRow: i32): void {
  const gateBytes = <usize>(net.gates * 4);
  const hiddenBytes = <usize>(net.size * 4);
  multiplyRows(
    net.wide,
    recurrentGradient(layer) + <usize>(t * net.batch + firstRow) * gateBytes + <usize>(from * 4),
    gateBytes,
    lastRow - firstRow,
    layer.recurrentWPacked + <usize>(from * PANEL * 4),
    <usize>(net.gates * PANEL * 4),
    terms,
    net.size / PANEL,
    target + <usize>firstRow * hiddenBytes,
    hiddenBytes,
    initial,
    initialStride,
  );
}

/** The gradient of the hidden state of time t-1 has two sources: `incoming`, and the gates of time t. */
@inline
export function addToEarlier(net: Network, layer: Layer, incoming: usize, t: i32, terms: i32, firstRow: i32, lastRow: i32): void {
  if (t === 0) return;
  const hiddenBytes = <usize>(net.size * 4);
  const earlier = incoming + <usize>((t - 1) * net.batch) * hiddenBytes;
  // Runs of rows in which no record starts.
  for (let row = firstRow; row < lastRow; row++) {
    if (begins(net, t, row)) continue;
    const first = row;
    while (row < lastRow && !begins(net, t, row)) row++;
    addBack(net, layer, t, 0, terms, earlier, earlier + <usize>first * hiddenBytes, hiddenBytes, first, row);
  }
}

/** sampleGates += source * w for `panels` panels from `panel` on. */
export function addProduct(net: Network, source: usize, w: usize, panel: i32, panels: i32): void {
  const target = net.sampleGates + <usize>(panel * PANEL * 4);
  rowProduct(net, source, w + <usize>(panel * PANEL * 4) * <usize>net.size, panels, target, target);
}

export function rowProduct(net: Network, source: usize, w: usize, panels: i32, target: usize, initial: usize): void {
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
