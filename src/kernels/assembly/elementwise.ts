import { fma4 } from './arithmetic';

/**
 * Vector functions accurate to a few units in the last place of float32, four lanes at a time.
 *
 * Their constants are in memory: V8 builds a vector constant from up to seven instructions wherever one is used, but broadcasts a number from memory
 * in one.
 */
const TABLE: usize = 512;
const ONE: usize = TABLE;
const TWO: usize = TABLE + 4;
const LOG2_E: usize = TABLE + 8;
const ROUNDER: usize = TABLE + 12;
const LN2_HIGH: usize = TABLE + 16;
const LN2_LOW: usize = TABLE + 20;
const P0: usize = TABLE + 24;
const P1: usize = TABLE + 28;
const P2: usize = TABLE + 32;
const P3: usize = TABLE + 36;
const P4: usize = TABLE + 40;
const P5: usize = TABLE + 44;
const LOWEST: usize = TABLE + 48;
const HIGHEST: usize = TABLE + 52;
const LEFT_EDGE: usize = TABLE + 56;
const RIGHT_EDGE: usize = TABLE + 60;

/** Called once before anything else. */
export function writeConstants(): void {
  store<f32>(ONE, 1.0);
  store<f32>(TWO, 2.0);
  store<f32>(LOG2_E, 1.44269504088896341);
  // 1.5 * 2^23: adding it leaves the rounded number in the lowest bits.
  store<f32>(ROUNDER, 12582912.0);
  // ln 2 in two parts, the first with so few bits that its multiples are exact.
  store<f32>(LN2_HIGH, -0.693359375);
  store<f32>(LN2_LOW, 2.12194440e-4);
  // Cephes' expf on |r| <= ln2/2: e^r = 1 + r + r^2 * (P0 r^5 + ... + P5).
  store<f32>(P0, 1.9875691500e-4);
  store<f32>(P1, 1.3981999507e-3);
  store<f32>(P2, 8.3334519073e-3);
  store<f32>(P3, 4.1665795894e-2);
  store<f32>(P4, 1.6666665459e-1);
  store<f32>(P5, 5.0000001201e-1);
  store<f32>(LOWEST, -87.0);
  store<f32>(HIGHEST, 88.0);
  // tanh is +-1 in float32 beyond 9.1; e^(2x) need not grow further.
  store<f32>(LEFT_EDGE, -20.0);
  store<f32>(RIGHT_EDGE, 20.0);
}

@inline
function constant(address: usize): v128 {
  return v128.load32_splat(address);
}

@inline
export function one4(): v128 {
  return constant(ONE);
}

/** x kept within [low, high]; NaN stays NaN. */
@inline
function within(x: v128, low: usize, high: usize): v128 {
  return f32x4.pmin(f32x4.pmax(x, constant(low)), constant(high));
}

/** x / ln 2 rounded to a whole number k, which is in the lowest bits. */
@inline
function rounded(x: v128): v128 {
  return fma4(x, constant(LOG2_E), constant(ROUNDER));
}

/** 2^k. */
@inline
function power(shifted: v128): v128 {
  return i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
}

/** e^(x - k ln 2) - 1, exact to the last place even near zero. */
@inline
function remainder(x: v128, shifted: v128): v128 {
  const whole = f32x4.sub(shifted, constant(ROUNDER));
  const r = fma4(whole, constant(LN2_LOW), fma4(whole, constant(LN2_HIGH), x));
  let p = fma4(constant(P0), r, constant(P1));
  p = fma4(p, r, constant(P2));
  p = fma4(p, r, constant(P3));
  p = fma4(p, r, constant(P4));
  p = fma4(p, r, constant(P5));
  return fma4(p, f32x4.mul(r, r), r);
}

/** e^x for x within [-87, 88] (clamped). */
@inline
export function exp4(value: v128): v128 {
  const x = within(value, LOWEST, HIGHEST);
  const shifted = rounded(x);
  const scale = power(shifted);
  return fma4(scale, remainder(x, shifted), scale);
}

/** 1 / (1 + e^-x). */
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(constant(ONE), f32x4.add(constant(ONE), exp4(f32x4.sub(f32x4.splat(0), x))));
}

/** tanh x = m / (m + 2) with m = e^2x - 1, which keeps its digits near zero. */
@inline
export function tanh4(value: v128): v128 {
  const x = within(f32x4.add(value, value), LEFT_EDGE, RIGHT_EDGE);
  const shifted = rounded(x);
  const scale = power(shifted);
  const m = fma4(scale, remainder(x, shifted), f32x4.sub(scale, constant(ONE)));
  return f32x4.div(m, f32x4.add(m, constant(TWO)));
}

/** dx of y = tanh x. */
@inline
export function tanhBack(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(one4(), f32x4.mul(y, y)));
}

/** dx of y = sigmoid x. */
@inline
export function sigmoidBack(dy: v128, y: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one4(), y)));
}

/** The sum of four lanes, always in the same order. */
@inline
export function sumLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** The finaliser `lowbias32` on four counters: the same integers as src/engine/random/hash.ts. */
@inline
export function mix4(value: v128): v128 {
  let x = v128.xor(value, i32x4.shr_u(value, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}
