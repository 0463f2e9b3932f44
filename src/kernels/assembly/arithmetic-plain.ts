/** a * b + c with two roundings, for engines without relaxed SIMD. */
@inline
export function fma4(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}
