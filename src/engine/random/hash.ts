/**
 * Counter-based random numbers: a value depends only on a key and a counter, so masks can be drawn by any thread in any order,
 * and resuming needs only the iteration number. The mixer is the 32-bit finaliser `lowbias32` found by Chris Wellons' hash
 * prospector search (https://nullprogram.com/blog/2018/07/31/).
 */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
