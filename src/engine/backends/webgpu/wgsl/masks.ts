/**
 * The factors of dropout and of weight drop, bit for bit those of random/dropout.ts: 0 where an element is dropped, otherwise the scale that
 * compensates for the dropped ones. `element` is the counter within the site.
 */
export const maskFunctions = `
fn mix32(value: u32) -> u32 {
  var x = value;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}
fn dropFactor(key: u32, element: u32) -> f32 {
  return select(0f, step.dropFactor, mix32(key + element * 0x9e3779b9u) >= step.dropThreshold);
}
fn thinFactor(key: u32, element: u32) -> f32 {
  return select(0f, step.thinFactor, mix32(key + element * 0x9e3779b9u) >= step.thinThreshold);
}
fn dropFactors(key: u32, element: u32) -> vec4f {
  return vec4f(dropFactor(key, element), dropFactor(key, element + 1u), dropFactor(key, element + 2u), dropFactor(key, element + 3u));
}`;
