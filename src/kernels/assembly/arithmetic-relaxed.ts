/** a * b + c, rounded once if the processor supports it. */
@inline
export function fma4(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}
