import { GROUP, Layer, layerOf, Network, PANEL, STRIP_ROWS } from './generated/network';
import { tableSums } from './input-table';
import { multiplyStrips, packStrips } from './products';
import { thinGradient } from './weight-drop';

/**
 * Weight gradients, the one place where rows are combined. Work is distributed by panels of 16 gate columns, never by the summed rows, so the sums
 * are the same for any number of threads; panels are assigned as threads become free.
 */
const STRIP_BLOCK: i32 = 64;
/** Jobs per thread that are enough to share the work out evenly. */
const JOBS: i32 = 6;

/** Lays this thread's share of the hidden states out in strips. */
export function packHidden(net: Network, thread: i32, threads: i32, dropping: bool): void {
  const rows = net.time * net.batch;
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    packShare(layer.hidden, net.size, rows + net.batch, layer.hiddenStrips, thread, threads);
    if (layer.operand !== 0) packShare(layer.operand, net.size, rows, layer.operandStrips, thread, threads);
    if (dropping) packShare(layer.dropped, net.size, rows, layer.droppedStrips, thread, threads);
    else if (layer.output !== 0) packShare(layer.output, net.size, rows, layer.outputStrips, thread, threads);
  }
}

function packShare(source: usize, size: i32, rows: i32, target: usize, thread: i32, threads: i32): void {
  for (let first = thread * STRIP_BLOCK; first < rows; first += threads * STRIP_BLOCK) {
    packStrips(source, size, rows, first, min(STRIP_BLOCK, rows - first), target);
  }
}

/** Takes groups of panels until none is left. */
export function weightGradients(net: Network, thread: i32, threads: i32, dropping: bool): void {
  const layerPanels = net.gates / PANEL;
  const decoderPanels = net.vocabularyPadded / PANEL;
  const group = max(1, min(GROUP, (net.layers * layerPanels) / (threads * JOBS)));
  const layerJobs = (layerPanels + group - 1) / group;
  const decoderJobs = (decoderPanels + group - 1) / group;
  const jobs = net.layers * layerJobs + decoderJobs;
  const counter = changetype<usize>(net) + offsetof<Network>('nextJob');
  const scratch = net.panelScratch + <usize>thread * <usize>(GROUP * STRIP_ROWS * PANEL * 4);
  for (;;) {
    const job = atomic.add<i32>(counter, 1);
    if (job >= jobs) return;
    if (job < net.layers * layerJobs) {
      const panel = (job % layerJobs) * group;
      const panels = min(group, layerPanels - panel);
      if (net.layerNorm) normalisedGroup(net, job / layerJobs, panel, panels, scratch, dropping);
      else layerGroup(net, job / layerJobs, panel, panels, scratch, dropping);
    } else {
      const panel = (job - net.layers * layerJobs) * group;
      decoderGroup(net, panel, min(group, decoderPanels - panel), scratch, dropping);
    }
  }
}

/** Walks the rows in passes; in each, every panel of the group is copied side by side, summed for the biases and multiplied. */
function layerGroup(net: Network, index: i32, panel: i32, panels: i32, scratch: usize, dropping: bool): void {
  const layer = layerOf(net, index);
  const rows = net.time * net.batch;
  for (let row = 0; row < rows; row += STRIP_ROWS) {
    const count = min(STRIP_ROWS, rows - row);
    gatherPanels(layer.gateValues, net.gates, row, count, panel, panels, scratch);
    for (let each = panel; each < panel + panels; each++) {
      const part = scratch + <usize>((each - panel) * STRIP_ROWS * PANEL * 4);
      const column = <usize>(each * PANEL * 4);
      sumPanel(part, count, layer.inputBGrad + column, row === 0);
      inputProduct(net, index, each, part, row, count, dropping);
      recurrentProduct(net, layer, each, part, row, count, layer.recurrentWGrad + column * <usize>net.size);
    }
  }
  finishGroup(net, layer, index, panel, panels);
}

/** The result of a group's sums once all rows have been added. */
function finishGroup(net: Network, layer: Layer, index: i32, panel: i32, panels: i32): void {
  if (net.weightDrop > 0) thinGradient(net, layer, index, panel, panels);
  // Both bias vectors add to the same sum, so they have the same gradient.
  const column = <usize>(panel * PANEL * 4);
  memory.copy(layer.recurrentBGrad + column, layer.inputBGrad + column, panels * PANEL * 4);
}

/**
 * The same for a normalised layer, whose two products have separate gradients. That of the input's product is in place of the gates', except in the
 * first layer; the biases were summed before.
 */
function normalisedGroup(net: Network, index: i32, panel: i32, panels: i32, scratch: usize, dropping: bool): void {
  const layer = layerOf(net, index);
  const rows = net.time * net.batch;
  for (let row = 0; row < rows; row += STRIP_ROWS) {
    const count = min(STRIP_ROWS, rows - row);
    gatherPanels(layer.gateValues, net.gates, row, count, panel, panels, scratch);
    for (let each = panel; each < panel + panels; each++) {
      const part = scratch + <usize>((each - panel) * STRIP_ROWS * PANEL * 4);
      inputProduct(net, index, each, part, row, count, dropping);
    }
    gatherPanels(layer.recurrentNormed, net.gates, row, count, panel, panels, scratch);
    for (let each = panel; each < panel + panels; each++) {
      const part = scratch + <usize>((each - panel) * STRIP_ROWS * PANEL * 4);
      recurrentProduct(net, layer, each, part, row, count, layer.recurrentWGrad + <usize>(each * PANEL * 4) * <usize>net.size);
    }
  }
  for (let each = panel; each < panel + panels; each++) vectorGradients(net, layer, each);
  finishGroup(net, layer, index, panel, panels);
}

/**
 * Gradients of a normalised layer's gains and biases in one panel: rows of the batch in ascending order. Panels of the first gate also handle the
 * cell's.
 */
function vectorGradients(net: Network, layer: Layer, panel: i32): void {
  const column = <usize>(panel * PANEL * 4);
  const gateBytes = <usize>(net.gates * 4);
  if (layer.inputTable !== 0) tableSums(net, layer, panel);
  else {
    sumRows(net, layer.inputGainSums + column, gateBytes, layer.inputGainGrad + column);
    sumRows(net, layer.biasSums + column, gateBytes, layer.inputBGrad + column);
  }
  sumRows(net, layer.recurrentGainSums + column, gateBytes, layer.recurrentGainGrad + column);
  if (layer.cellGainSums === 0 || panel >= net.size / PANEL) return;
  sumRows(net, layer.cellGainSums + column, <usize>(net.size * 4), layer.cellGainGrad + column);
  sumRows(net, layer.cellBSums + column, <usize>(net.size * 4), layer.cellBGrad + column);
}

/** target[16] = the sum of a panel over the rows of the batch. */
function sumRows(net: Network, source: usize, stride: usize, target: usize): void {
  for (let at: usize = 0; at < <usize>(PANEL * 4); at += 16) {
    let sum = f32x4.splat(0);
    for (let row = 0; row < net.batch; row++) sum = f32x4.add(sum, v128.load(source + at + <usize>row * stride));
    v128.store(target + at, sum);
  }
}

function decoderGroup(net: Network, panel: i32, panels: i32, scratch: usize, dropping: bool): void {
  const top = layerOf(net, net.layers - 1);
  const rows = net.time * net.batch;
  for (let row = 0; row < rows; row += STRIP_ROWS) {
    const count = min(STRIP_ROWS, rows - row);
    gatherPanels(net.logits, net.vocabularyPadded, row, count, panel, panels, scratch);
    for (let each = panel; each < panel + panels; each++) {
      const part = scratch + <usize>((each - panel) * STRIP_ROWS * PANEL * 4);
      const column = <usize>(each * PANEL * 4);
      sumPanel(part, count, net.decoderBGrad + column, row === 0);
      outputProduct(net, top, part, row, count, net.decoderWGrad + column * <usize>net.size, dropping);
    }
  }
}

/** Gradient of an input matrix: the first layer read symbols, the others the output of the layer below. */
function inputProduct(net: Network, index: i32, panel: i32, part: usize, row: i32, count: i32, dropping: bool): void {
  const gradient = layerOf(net, index).inputWGrad;
  const column = <usize>(panel * PANEL * 4);
  if (index === 0) scatterPanel(net, part, row, count, gradient + column * <usize>net.vocabulary);
  else outputProduct(net, layerOf(net, index - 1), part, row, count, gradient + column * <usize>net.size, dropping);
}

/** Gradient of a matrix that read a layer's output: after dropout, with its input, or the hidden states one step on. */
function outputProduct(net: Network, layer: Layer, part: usize, row: i32, count: i32, gradient: usize, dropping: bool): void {
  const rows = net.time * net.batch;
  if (dropping)
    multiplyStrips(net.wide, layer.droppedStrips, net.size, rows, row, count, part, gradient, net.zeros, row === 0);
  else if (layer.output !== 0)
    multiplyStrips(net.wide, layer.outputStrips, net.size, rows, row, count, part, gradient, net.zeros, row === 0);
  else
    multiplyStrips(
      net.wide,
      layer.hiddenStrips,
      net.size,
      rows + net.batch,
      row + net.batch,
      count,
      part,
      gradient,
      net.zeros,
      row === 0,
    );
}

/** Gradient of a recurrent matrix: the first group of gates read the hidden state before, the second its operand. */
function recurrentProduct(net: Network, layer: Layer, panel: i32, part: usize, row: i32, count: i32, gradient: usize): void {
  const rows = net.time * net.batch;
  const operand = panel >= net.hiddenGates / PANEL;
  multiplyStrips(
    net.wide,
    operand ? layer.operandStrips : layer.hiddenStrips,
    net.size,
    operand ? rows : rows + net.batch,
    row,
    count,
    part,
    gradient,
    net.zeros,
    row === 0,
  );
}

/** Copies columns of rows [row, row + count) of a [..][width] matrix into one run [STRIP_ROWS][16] per panel. */
function gatherPanels(source: usize, width: i32, row: i32, count: i32, panel: i32, panels: i32, target: usize): void {
  const stride = <usize>(width * 4);
  for (let each = 0; each < panels; each++) {
    let from = source + <usize>row * stride + <usize>((panel + each) * PANEL * 4);
    let to = target + <usize>(each * STRIP_ROWS * PANEL * 4);
    for (let n = 0; n < count; n++) {
      const v0 = v128.load(from);
      const v1 = v128.load(from, 16);
      const v2 = v128.load(from, 32);
      const v3 = v128.load(from, 48);
      v128.store(to, v0);
      v128.store(to, v1, 16);
      v128.store(to, v2, 32);
      v128.store(to, v3, 48);
      from += stride;
      to += PANEL * 4;
    }
  }
}

/** Adds the column sums of a panel, rows in ascending order. */
function sumPanel(panel: usize, rows: i32, target: usize, starting: bool): void {
  const zero = f32x4.splat(0);
  let s0 = starting ? zero : v128.load(target);
  let s1 = starting ? zero : v128.load(target, 16);
  let s2 = starting ? zero : v128.load(target, 32);
  let s3 = starting ? zero : v128.load(target, 48);
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
function scatterPanel(net: Network, panel: usize, row: i32, count: i32, gradient: usize): void {
  if (row === 0) memory.fill(gradient, 0, <usize>(net.vocabulary * PANEL * 4));
  for (let n = row; n < row + count; n++) {
    const target = gradient + <usize>(load<i32>(net.inputs + <usize>(n * 4)) * PANEL * 4);
    const s0 = f32x4.add(v128.load(target), v128.load(panel));
    const s1 = f32x4.add(v128.load(target, 16), v128.load(panel, 16));
    const s2 = f32x4.add(v128.load(target, 32), v128.load(panel, 32));
    const s3 = f32x4.add(v128.load(target, 48), v128.load(panel, 48));
    v128.store(target, s0);
    v128.store(target, s1, 16);
    v128.store(target, s2, 32);
    v128.store(target, s3, 48);
    panel += PANEL * 4;
  }
}
