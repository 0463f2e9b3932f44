/** a * b + c with one rounding wherever the processor has it. */
@inline
export function fma4(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}
