import { fma4 } from './arithmetic';

/** Vector functions accurate to about one unit in the last place of float32, four lanes at a time. */

/**
 * e^x for x in [-87, 88] (clamped). Range reduction to |r| <= ln2/2 with ln 2 split in two, then the degree-6
 * polynomial whose coefficients are those of Cephes' expf. The integer part is read out of the low bits of a
 * number around 1.5 * 2^23, which avoids a conversion.
 */
@inline
export function exp4(value: v128): v128 {
  let x = f32x4.min(f32x4.max(value, f32x4.splat(-87.0)), f32x4.splat(88.0));
  const shifted = fma4(x, f32x4.splat(1.44269504088896341), f32x4.splat(12582912.0));
  const whole = f32x4.sub(shifted, f32x4.splat(12582912.0));
  x = fma4(whole, f32x4.splat(-0.693359375), x);
  x = fma4(whole, f32x4.splat(2.12194440e-4), x);
  let p = f32x4.splat(1.9875691500e-4);
  p = fma4(p, x, f32x4.splat(1.3981999507e-3));
  p = fma4(p, x, f32x4.splat(8.3334519073e-3));
  p = fma4(p, x, f32x4.splat(4.1665795894e-2));
  p = fma4(p, x, f32x4.splat(1.6666665459e-1));
  p = fma4(p, x, f32x4.splat(5.0000001201e-1));
  p = fma4(p, f32x4.mul(x, x), f32x4.add(x, f32x4.splat(1.0)));
  return i32x4.add(i32x4.shl(shifted, 23), p);
}

/** 1 / (1 + e^-x). */
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** tanh x: an odd polynomial (Cephes' tanhf) below 0.625, where 1 - 2/(e^2x + 1) would lose digits, that formula above. */
@inline
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1.0);
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = fma4(p, square, f32x4.splat(2.06390887954e-2));
  p = fma4(p, square, f32x4.splat(-5.37397155531e-2));
  p = fma4(p, square, f32x4.splat(1.33314422036e-1));
  p = fma4(p, square, f32x4.splat(-3.33332819422e-1));
  const small = fma4(f32x4.mul(p, square), x, x);
  const large = f32x4.sub(
    one,
    f32x4.div(f32x4.splat(2.0), f32x4.add(one, exp4(f32x4.add(x, x)))),
  );
  return v128.bitselect(small, large, f32x4.lt(f32x4.abs(x), f32x4.splat(0.625)));
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
