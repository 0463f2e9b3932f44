import { sumLanes } from './elementwise';
import { ADAM, HIDDEN_MATRIX, Network, OPTIMIZER_BLOCK, RMSPROP, VECTOR } from './generated/network';

/**
 * Accumulators below this are set to zero. A parameter without gradient (a rare symbol's row) decays through the denormal numbers, on
 * which processors are a hundred times slower; next to the 1e-8 in the divisor such values change nothing.
 */
export const FLUSH: f32 = 1e-32;
const EPSILON: f32 = 1e-8;
const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
export const MUON_BETA1: f32 = 0.95;
const MUON_BETA2: f32 = 0.99;

/**
 * Clip, weight decay, update, norms and average over this thread's share of the blocks. `scale` is the factor that clips the gradients by their norm.
 */
export function updateParameters(net: Network, scale: f32, thread: i32, threads: i32): void {
  const averaging = net.average !== 0 && net.averageWeight !== 0;
  const blocks = blockCount(net);
  for (let block = thread; block < blocks; block += threads) {
    const first = blockStart(net, block);
    const last = blockStart(net, block + 1);
    const sums = net.partialSums + <usize>(block * 16);
    if (net.weightDecay !== 0) decayMatrices(net, first, last);
    store<f64>(sums, 0);
    store<f64>(sums, 0, 8);
    if (net.optimizer === RMSPROP) rmspropRange(net, scale, first, last, sums);
    else if (net.optimizer === ADAM) adamRange(net, scale, BETA1, BETA2, first, last, sums);
    else muonBlock(net, scale, first, last, sums);
    if (averaging) averageBlock(net, first, last);
  }
}

@inline
function blockCount(net: Network): i32 {
  return (net.parameterFloats + OPTIMIZER_BLOCK - 1) / OPTIMIZER_BLOCK;
}

/** Where a block starts in the arrays of all parameters, in bytes. */
@inline
function blockStart(net: Network, block: i32): usize {
  return <usize>min(block * OPTIMIZER_BLOCK, net.parameterFloats) * 4;
}

/** The gradients' sums of squares over this thread's share of the blocks. */
export function sumGradientSquares(net: Network, thread: i32, threads: i32): void {
  const blocks = blockCount(net);
  for (let block = thread; block < blocks; block += threads) {
    const last = blockStart(net, block + 1);
    let squares = f32x4.splat(0);
    for (let at = blockStart(net, block); at < last; at += 16) {
      const g = v128.load(net.gradients + at);
      squares = f32x4.add(squares, f32x4.mul(g, g));
    }
    store<f64>(net.gradientSquares + <usize>(block * 8), <f64>sumLanes(squares));
  }
}

/** The factor that scales all gradients down to the bound of their norm; 1 if they are within it. Every thread adds up the blocks in the same order. */
export function normScale(net: Network): f32 {
  let squares: f64 = 0;
  for (let block = 0; block < blockCount(net); block++) squares += load<f64>(net.gradientSquares + <usize>(block * 8));
  const norm = Math.sqrt(squares);
  // Written so that a NaN norm gives a NaN scale.
  return norm <= <f64>net.clip ? 1 : <f32>(<f64>net.clip / norm);
}

/** The bound of every single gradient: none when clipping by norm. */
@inline
export function gradientBound(net: Network): f32 {
  return net.clipByNorm ? f32.MAX_VALUE : net.clip;
}

@inline
export function clipped(net: Network, at: usize, scale: v128, low: v128, high: v128): v128 {
  return f32x4.pmax(f32x4.pmin(f32x4.mul(scale, v128.load(net.gradients + at)), high), low);
}

@inline
function addSums(sums: usize, gradientSquares: v128, parameterSquares: v128): void {
  store<f64>(sums, load<f64>(sums) + <f64>sumLanes(gradientSquares));
  store<f64>(sums, load<f64>(sums, 8) + <f64>sumLanes(parameterSquares), 8);
}

/** Where a parameter ends in the arrays of all parameters, in bytes. */
@inline
function endOf(net: Network, parameter: i32): usize {
  return <usize>load<i32>(net.parameterTable + <usize>(parameter * 8)) * 4;
}

@inline
function roleOf(net: Network, parameter: i32): i32 {
  return load<i32>(net.parameterTable + <usize>(parameter * 8), 4);
}

/** p -= rate * decay * p for the matrices within [first, last). */
function decayMatrices(net: Network, first: usize, last: usize): void {
  const share = f32x4.splat(net.learningRate * net.weightDecay);
  let start: usize = 0;
  for (let index = 0; index < net.parameterCount; index++) {
    const end = endOf(net, index);
    if (roleOf(net, index) !== VECTOR) {
      for (let at = max(start, first); at < min(end, last); at += 16) {
        const p = v128.load(net.parameters + at);
        v128.store(net.parameters + at, f32x4.sub(p, f32x4.mul(share, p)));
      }
    }
    start = end;
  }
}

/** average += w * (parameters - average). */
function averageBlock(net: Network, first: usize, last: usize): void {
  const weight = f32x4.splat(net.averageWeight);
  for (let at = first; at < last; at += 16) {
    const average = v128.load(net.average + at);
    const change = f32x4.mul(weight, f32x4.sub(v128.load(net.parameters + at), average));
    v128.store(net.average + at, f32x4.add(average, change));
  }
}

/** m = a*m + (1-a)*g^2; p -= rate * g / (sqrt(m) + 1e-8), the epsilon outside the root as in torch's optim.rmsprop. */
function rmspropRange(net: Network, factor: f32, first: usize, last: usize, sums: usize): void {
  const scale = f32x4.splat(factor);
  const low = f32x4.splat(-gradientBound(net));
  const high = f32x4.splat(gradientBound(net));
  const decay = f32x4.splat(net.decayRate);
  const rest = f32x4.splat(1 - net.decayRate);
  const rate = f32x4.splat(net.learningRate);
  let gradientSquares = f32x4.splat(0);
  let parameterSquares = f32x4.splat(0);
  for (let at = first; at < last; at += 16) {
    const g = clipped(net, at, scale, low, high);
    const squares = f32x4.mul(g, g);
    const blended = f32x4.add(f32x4.mul(decay, v128.load(net.accumulatorM + at)), f32x4.mul(rest, squares));
    const m = v128.andnot(blended, f32x4.lt(blended, f32x4.splat(FLUSH)));
    v128.store(net.accumulatorM + at, m);
    const step = f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(m), f32x4.splat(EPSILON)));
    const p = f32x4.sub(v128.load(net.parameters + at), step);
    v128.store(net.parameters + at, p);
    gradientSquares = f32x4.add(gradientSquares, squares);
    parameterSquares = f32x4.add(parameterSquares, f32x4.mul(p, p));
  }
  addSums(sums, gradientSquares, parameterSquares);
}

/** Adam (Kingma and Ba 2015) with bias correction. */
function adamRange(net: Network, factor: f32, beta1: f32, beta2: f32, first: usize, last: usize, sums: usize): void {
  const scale = f32x4.splat(factor);
  const low = f32x4.splat(-gradientBound(net));
  const high = f32x4.splat(gradientBound(net));
  const rate = f32x4.splat(net.learningRate / net.meanCorrection);
  const correction = f32x4.splat(1 / net.squareCorrection);
  const flush = f32x4.splat(FLUSH);
  let gradientSquares = f32x4.splat(0);
  let parameterSquares = f32x4.splat(0);
  for (let at = first; at < last; at += 16) {
    const g = clipped(net, at, scale, low, high);
    const squares = f32x4.mul(g, g);
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(beta1), v128.load(net.accumulatorM + at)),
      f32x4.mul(f32x4.splat(1 - beta1), g),
    );
    const power = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(net.accumulatorV + at)),
      f32x4.mul(f32x4.splat(1 - beta2), squares),
    );
    const m = v128.andnot(mean, f32x4.lt(f32x4.abs(mean), flush));
    const v = v128.andnot(power, f32x4.lt(power, flush));
    v128.store(net.accumulatorM + at, m);
    v128.store(net.accumulatorV + at, v);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction)), f32x4.splat(EPSILON));
    const p = f32x4.sub(v128.load(net.parameters + at), f32x4.div(f32x4.mul(rate, m), divisor));
    v128.store(net.parameters + at, p);
    gradientSquares = f32x4.add(gradientSquares, squares);
    parameterSquares = f32x4.add(parameterSquares, f32x4.mul(p, p));
  }
  addSums(sums, gradientSquares, parameterSquares);
}

/** Muon's update of [first, last): hidden matrices follow their directions (muon.ts), everything else is updated by Adam. */
function muonBlock(net: Network, scale: f32, first: usize, last: usize, sums: usize): void {
  let start: usize = 0;
  let direction = net.muonMatrices;
  for (let index = 0; index < net.parameterCount; index++) {
    const end = endOf(net, index);
    const hidden = roleOf(net, index) === HIDDEN_MATRIX;
    const from = max(start, first);
    const to = min(end, last);
    if (from < to) {
      if (hidden) directedRange(net, scale, direction + (from - start), from, to, sums);
      else adamRange(net, scale, MUON_BETA1, MUON_BETA2, from, to, sums);
    }
    // The directions are consecutive, like the hidden matrices but without anything between them.
    if (hidden) direction += end - start;
    start = end;
  }
}

/** p -= rate * ratio * direction. */
function directedRange(net: Network, factor: f32, direction: usize, first: usize, last: usize, sums: usize): void {
  const scale = f32x4.splat(factor);
  const low = f32x4.splat(-gradientBound(net));
  const high = f32x4.splat(gradientBound(net));
  const rate = f32x4.splat(net.learningRate * net.muonRateRatio);
  let gradientSquares = f32x4.splat(0);
  let parameterSquares = f32x4.splat(0);
  for (let at = first; at < last; at += 16) {
    const g = clipped(net, at, scale, low, high);
    const p = f32x4.sub(v128.load(net.parameters + at), f32x4.mul(rate, v128.load(direction + (at - first))));
    v128.store(net.parameters + at, p);
    gradientSquares = f32x4.add(gradientSquares, f32x4.mul(g, g));
    parameterSquares = f32x4.add(parameterSquares, f32x4.mul(p, p));
  }
  addSums(sums, gradientSquares, parameterSquares);
}
