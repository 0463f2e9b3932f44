import { sumLanes } from './elementwise';
import { Network, OPTIMIZER_BLOCK, RMSPROP } from './generated/network';

/**
 * Accumulators below this are set to zero. A parameter without gradient (a rare symbol's row) decays through the denormal numbers, on
 * which processors are a hundred times slower; next to the 1e-8 in the divisor such values change nothing.
 */
const FLUSH: f32 = 1e-32;
const EPSILON: f32 = 1e-8;
const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;

/** Clamp, update and norms over this thread's share of the blocks. */
export function updateParameters(net: Network, thread: i32, threads: i32): void {
  const blocks = (net.parameterFloats + OPTIMIZER_BLOCK - 1) / OPTIMIZER_BLOCK;
  for (let block = thread; block < blocks; block += threads) {
    const first = <usize>(block * OPTIMIZER_BLOCK) * 4;
    const last = <usize>min((block + 1) * OPTIMIZER_BLOCK, net.parameterFloats) * 4;
    const sums = net.partialSums + <usize>(block * 16);
    if (net.optimizer === RMSPROP) rmspropBlock(net, first, last, sums);
    else adamBlock(net, first, last, sums);
  }
}

@inline
function clamped(net: Network, at: usize, low: v128, high: v128): v128 {
  return f32x4.pmax(f32x4.pmin(v128.load(net.gradients + at), high), low);
}

/** m = a*m + (1-a)*g^2; p -= rate * g / (sqrt(m) + 1e-8), the epsilon outside the root as in torch's optim.rmsprop. */
function rmspropBlock(net: Network, first: usize, last: usize, sums: usize): void {
  const low = f32x4.splat(-net.clip);
  const high = f32x4.splat(net.clip);
  const decay = f32x4.splat(net.decayRate);
  const rest = f32x4.splat(1 - net.decayRate);
  const rate = f32x4.splat(net.learningRate);
  let gradientSquares = f32x4.splat(0);
  let parameterSquares = f32x4.splat(0);
  for (let at = first; at < last; at += 16) {
    const g = clamped(net, at, low, high);
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
  store<f64>(sums, <f64>sumLanes(gradientSquares));
  store<f64>(sums, <f64>sumLanes(parameterSquares), 8);
}

/** Adam (Kingma and Ba 2015) with bias correction, beta 0.9 and 0.999. */
function adamBlock(net: Network, first: usize, last: usize, sums: usize): void {
  const low = f32x4.splat(-net.clip);
  const high = f32x4.splat(net.clip);
  const rate = f32x4.splat(net.learningRate / net.meanCorrection);
  const scale = f32x4.splat(1 / net.squareCorrection);
  const flush = f32x4.splat(FLUSH);
  let gradientSquares = f32x4.splat(0);
  let parameterSquares = f32x4.splat(0);
  for (let at = first; at < last; at += 16) {
    const g = clamped(net, at, low, high);
    const squares = f32x4.mul(g, g);
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(BETA1), v128.load(net.accumulatorM + at)),
      f32x4.mul(f32x4.splat(1 - BETA1), g),
    );
    const power = f32x4.add(
      f32x4.mul(f32x4.splat(BETA2), v128.load(net.accumulatorV + at)),
      f32x4.mul(f32x4.splat(1 - BETA2), squares),
    );
    const m = v128.andnot(mean, f32x4.lt(f32x4.abs(mean), flush));
    const v = v128.andnot(power, f32x4.lt(power, flush));
    v128.store(net.accumulatorM + at, m);
    v128.store(net.accumulatorV + at, v);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.mul(v, scale)), f32x4.splat(EPSILON));
    const p = f32x4.sub(v128.load(net.parameters + at), f32x4.div(f32x4.mul(rate, m), divisor));
    v128.store(net.parameters + at, p);
    gradientSquares = f32x4.add(gradientSquares, squares);
    parameterSquares = f32x4.add(parameterSquares, f32x4.mul(p, p));
  }
  store<f64>(sums, <f64>sumLanes(gradientSquares));
  store<f64>(sums, <f64>sumLanes(parameterSquares), 8);
}
