import { backwardRows } from './backward';
import { writeConstants } from './elementwise';
import { forwardRows } from './forward';
import { loadLayerStates, saveLayerStates } from './generated/cells';
import { FIELDS_FINGERPRINT, Layer, layerOf, MUON, Network, PANEL } from './generated/network';
import { packHidden, weightGradients } from './gradients';
import { prepareTable, tableBack } from './input-table';
import { orthogonalise, resetMuon } from './muon';
import { normScale, sumGradientSquares, updateParameters } from './optimizer';
import { packTransposed } from './products';
import { sampleStep } from './sampling';
import { barrier, threadCount, waitWhile } from './threads';
import { thinRecurrent } from './weight-drop';

/**
 * A step is one function that every thread runs on its own share, synchronised by barriers: prepare weights; forward and backward over its own rows;
 * strips; weight gradients; update. The calling thread is thread 0.
 */

const TRAIN: i32 = 1;
const EVALUATE: i32 = 2;
const EXIT: i32 = 3;

/** Words of the control block that announce a call (the rest is in threads.ts). */
const ANNOUNCED: usize = 256;
const TASK: usize = 260;
const NETWORK: usize = 264;

/** Fingerprint of the fields that the kernels were built for, so that the host can check that they match its own. */
export function fieldsFingerprint(): i32 {
  return FIELDS_FINGERPRINT;
}

/** Called once on a memory before any other function. */
export function initialise(): void {
  writeConstants();
}

/** A worker thread's loop: wait for an announcement, do its share, wait again. */
export function work(thread: i32): void {
  let seen = 0;
  for (;;) {
    waitWhile(ANNOUNCED, seen);
    seen = atomic.load<i32>(ANNOUNCED);
    const task = load<i32>(TASK);
    if (task === EXIT) return;
    perform(changetype<Network>(load<usize>(NETWORK)), task, thread);
  }
}

/** Runs a task on all threads; returns when it is done everywhere. */
function announce(net: usize, task: i32): void {
  if (threadCount() > 1) {
    store<i32>(TASK, task);
    store<usize>(NETWORK, net);
    atomic.add<i32>(ANNOUNCED, 1);
    atomic.notify(ANNOUNCED, -1);
  }
  if (task !== EXIT) perform(changetype<Network>(net), task, 0);
}

export function train(net: usize): void {
  announce(net, TRAIN);
}

/** Forward only, dropout off, from and to the evaluation state. */
export function evaluate(net: usize): void {
  announce(net, EVALUATE);
}

export function sample(net: usize, symbol: i32): void {
  sampleStep(changetype<Network>(net), symbol);
}

/** Ends the worker threads. */
export function shutDown(): void {
  announce(0, EXIT);
}

function perform(net: Network, task: i32, thread: i32): void {
  const threads = threadCount();
  const training = task === TRAIN;
  const dropping = training && net.dropout > 0;
  prepare(net, thread, threads, training);
  barrier();
  const firstRow = (net.batch * thread) / threads;
  const lastRow = (net.batch * (thread + 1)) / threads;
  loadStates(net, firstRow, lastRow, training);
  forwardRows(net, firstRow, lastRow, dropping);
  if (training) backwardRows(net, firstRow, lastRow, dropping);
  saveStates(net, firstRow, lastRow, training);
  barrier();
  if (!training) return;
  packHidden(net, thread, threads, dropping);
  barrier();
  weightGradients(net, thread, threads, dropping);
  barrier();
  if (net.layerNorm) {
    tableBack(net, layerOf(net, 0), thread, threads);
    barrier();
  }
  let scale: f32 = 1;
  if (net.clipByNorm) {
    sumGradientSquares(net, thread, threads);
    barrier();
    scale = normScale(net);
  }
  if (net.optimizer === MUON) orthogonalise(net, scale);
  updateParameters(net, scale, thread, threads);
  barrier();
}

/** Bias sums, the table of a normalised first layer, and the transposes that the backward pass multiplies with, distributed panel by panel. */
function prepare(net: Network, thread: i32, threads: i32, training: bool): void {
  if (thread === 0) net.nextJob = 0;
  if (thread === 0 && net.muonJobs !== 0) resetMuon(net);
  if (net.layerNorm) prepareTable(net, layerOf(net, 0), thread, threads);
  let job = 0;
  for (let index = 0; index < net.layers; index++) {
    const layer = layerOf(net, index);
    if (job++ % threads === thread) sumBiases(net, layer);
    if (!training) continue;
    for (let panel = 0; panel < net.size / PANEL; panel++) {
      if (job++ % threads !== thread) continue;
      if (net.weightDrop > 0) thinRecurrent(net, layer, index, panel);
      packTransposed(layer.recurrentW, net.size, net.gates, panel, layer.recurrentWPacked);
      if (index > 0) packTransposed(layer.inputW, net.size, net.gates, panel, layer.inputWPacked);
    }
  }
  if (!training) return;
  for (let panel = 0; panel < net.size / PANEL; panel++) {
    if (job++ % threads === thread)
      packTransposed(net.decoderW, net.size, net.vocabularyPadded, panel, net.decoderWPacked);
  }
}

function sumBiases(net: Network, layer: Layer): void {
  const bytes = <usize>(net.gates * 4);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(layer.biasSum + at, f32x4.add(v128.load(layer.inputB + at), v128.load(layer.recurrentB + at)));
  }
}

function loadStates(net: Network, firstRow: i32, lastRow: i32, training: bool): void {
  const from = <usize>(firstRow * net.size * 4);
  const bytes = <usize>((lastRow - firstRow) * net.size * 4);
  for (let index = 0; index < net.layers; index++) loadLayerStates(layerOf(net, index), from, bytes, training);
}

function saveStates(net: Network, firstRow: i32, lastRow: i32, training: bool): void {
  const from = <usize>(firstRow * net.size * 4);
  const bytes = <usize>((lastRow - firstRow) * net.size * 4);
  const final = <usize>(net.time * net.batch * net.size * 4);
  for (let index = 0; index < net.layers; index++) saveLayerStates(layerOf(net, index), from, bytes, training, final);
}
