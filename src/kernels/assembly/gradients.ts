import { GRU, Layer, layerOf, Network } from './network';
import { multiplyStrips, packStrips, PANEL } from './products';

/**
 * Weight gradients, the one place where rows meet. Work is dealt out by panels of 16 gate columns, never by the summed rows, so the
 * sums come out the same for any number of threads; who takes which panel is decided as threads become free.
 */
const STRIP_BLOCK: i32 = 64;

/** Lays this thread's share of the hidden states out in strips. */
export function packHidden(net: Network, thread: i32, threads: i32, dropping: bool): void {
  const rows = net.time * net.batch;
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    packShare(layer.hidden, net.size, rows + net.batch, layer.hiddenStrips, thread, threads);
    if (net.model === GRU) packShare(layer.cell, net.size, rows, layer.resetStrips, thread, threads);
    if (dropping) packShare(layer.dropped, net.size, rows, layer.droppedStrips, thread, threads);
  }
}

function packShare(source: usize, size: i32, rows: i32, target: usize, thread: i32, threads: i32): void {
  for (let first = thread * STRIP_BLOCK; first < rows; first += threads * STRIP_BLOCK) {
    packStrips(source, size, rows, first, min(STRIP_BLOCK, rows - first), target);
  }
}

/** Takes panels until none is left. */
export function weightGradients(net: Network, thread: i32, dropping: bool): void {
  const layerPanels = net.gates / PANEL;
  const decoderPanels = net.vocabularyPadded / PANEL;
  const jobs = net.layers * layerPanels + decoderPanels;
  const counter = changetype<usize>(net) + offsetof<Network>('nextJob');
  const scratch = net.panelScratch + <usize>thread * <usize>(net.time * net.batch) * <usize>(PANEL * 4);
  for (;;) {
    const job = atomic.add<i32>(counter, 1);
    if (job >= jobs) return;
    if (job < decoderPanels) decoderPanel(net, job, scratch, dropping);
    else
      layerPanel(
        net,
        (job - decoderPanels) / layerPanels,
        (job - decoderPanels) % layerPanels,
        scratch,
        dropping,
      );
  }
}

function decoderPanel(net: Network, panel: i32, scratch: usize, dropping: bool): void {
  const rows = net.time * net.batch;
  const column = <usize>(panel * PANEL * 4);
  gatherPanel(net.logits + column, net.vocabularyPadded, rows, scratch);
  sumPanel(scratch, rows, net.decoderBGrad + column);
  const gradient = net.decoderWGrad + column * <usize>net.size;
  outputProduct(net, layerOf(net, net.layers - 1), scratch, gradient, dropping);
}

function layerPanel(net: Network, index: i32, panel: i32, scratch: usize, dropping: bool): void {
  const layer = layerOf(net, index);
  const rows = net.time * net.batch;
  const column = <usize>(panel * PANEL * 4);
  gatherPanel(layer.gateValues + column, net.gates, rows, scratch);
  // Both bias vectors add to the same sum, so they have the same gradient.
  sumPanel(scratch, rows, layer.inputBGrad + column);
  memory.copy(layer.recurrentBGrad + column, layer.inputBGrad + column, PANEL * 4);
  if (index === 0) scatterPanel(net, scratch, layer.inputWGrad + column * <usize>net.vocabulary);
  else
    outputProduct(
      net,
      layerOf(net, index - 1),
      scratch,
      layer.inputWGrad + column * <usize>net.size,
      dropping,
    );
  const gradient = layer.recurrentWGrad + column * <usize>net.size;
  if (net.model === GRU && panel >= (2 * net.size) / PANEL) {
    multiplyStrips(net.wide, layer.resetStrips, net.size, rows, 0, scratch, rows, gradient, net.zeros);
  } else {
    multiplyStrips(
      net.wide,
      layer.hiddenStrips,
      net.size,
      rows + net.batch,
      0,
      scratch,
      rows,
      gradient,
      net.zeros,
    );
  }
}

/** Gradient of a matrix that read a layer's output: after dropout, or the hidden states one step on. */
function outputProduct(net: Network, layer: Layer, scratch: usize, gradient: usize, dropping: bool): void {
  const rows = net.time * net.batch;
  if (dropping)
    multiplyStrips(net.wide, layer.droppedStrips, net.size, rows, 0, scratch, rows, gradient, net.zeros);
  else
    multiplyStrips(
      net.wide,
      layer.hiddenStrips,
      net.size,
      rows + net.batch,
      net.batch,
      scratch,
      rows,
      gradient,
      net.zeros,
    );
}

/** Copies 16 columns of a [rows][width] matrix side by side. */
function gatherPanel(source: usize, width: i32, rows: i32, target: usize): void {
  const stride = <usize>(width * 4);
  for (let row = 0; row < rows; row++) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    v128.store(target, v128.load(source, 32), 32);
    v128.store(target, v128.load(source, 48), 48);
    source += stride;
    target += PANEL * 4;
  }
}

/** Column sums of a panel, rows in ascending order. */
function sumPanel(panel: usize, rows: i32, target: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    s0 = f32x4.add(s0, v128.load(panel));
    s1 = f32x4.add(s1, v128.load(panel, 16));
    s2 = f32x4.add(s2, v128.load(panel, 32));
    s3 = f32x4.add(s3, v128.load(panel, 48));
    panel += PANEL * 4;
  }
  v128.store(target, s0);
  v128.store(target, s1, 16);
  v128.store(target, s2, 32);
  v128.store(target, s3, 48);
}

/** The gradient of a one-hot input's weights: each row's gate gradient is added to its symbol's row. */
function scatterPanel(net: Network, panel: usize, gradient: usize): void {
  memory.fill(gradient, 0, <usize>(net.vocabulary * PANEL * 4));
  const rows = net.time * net.batch;
  for (let n = 0; n < rows; n++) {
    const target = gradient + <usize>(load<i32>(net.inputs + <usize>(n * 4)) * PANEL * 4);
    v128.store(target, f32x4.add(v128.load(target), v128.load(panel)));
    v128.store(target, f32x4.add(v128.load(target, 16), v128.load(panel, 16)), 16);
    v128.store(target, f32x4.add(v128.load(target, 32), v128.load(panel, 32)), 32);
    v128.store(target, f32x4.add(v128.load(target, 48), v128.load(panel, 48)), 48);
    panel += PANEL * 4;
  }
}
