/**
 * The functions of the kernels (src/kernels/assembly/elementwise.ts) on single float32 numbers, with the same constants in the same order: a network
 * in JavaScript then gives the same numbers as the kernels, nearly always to the bit.
 */

const { fround } = Math;

/**
 * a * b + c of three float32 numbers, rounded once to float32. The product is exact in double precision; the sum is rounded there first, which
 * changes the result in about one of 2^29 cases.
 */
export function multiplyAdd(a: number, b: number, c: number): number {
  return fround(a * b + c);
}

const log2E = fround(Math.LOG2E);
/** 1.5 * 2^23: adding it rounds a float32 number to a whole one. */
const rounder = 12_582_912;
/** ln 2 in two parts, the first with so few bits that its multiples are exact. */
const ln2High = -0.693359375;
const ln2Low = fround(2.1219444e-4);
/** Cephes' expf on |r| <= ln2/2. */
const p0 = fround(1.98756915e-4);
const p1 = fround(1.3981999507e-3);
const p2 = fround(8.3334519073e-3);
const p3 = fround(4.1665795894e-2);
const p4 = fround(1.6666665459e-1);
const p5 = fround(5.0000001201e-1);

const lowestPower = -126;
/** 2^-126 to 2^127. */
const powers = Float32Array.from({ length: 254 }, (_, index) => 2 ** (index + lowestPower));

/** x / ln 2, rounded to a whole number. */
function wholePart(x: number): number {
  return fround(multiplyAdd(x, log2E, rounder) - rounder);
}

/** 2^whole; NaN outside the table. */
function powerOfTwo(whole: number): number {
  return powers[whole - lowestPower] ?? NaN;
}

/** e^(x - whole ln 2) - 1. */
function remainder(x: number, whole: number): number {
  const r = multiplyAdd(whole, ln2Low, multiplyAdd(whole, ln2High, x));
  let p = multiplyAdd(p0, r, p1);
  p = multiplyAdd(p, r, p2);
  p = multiplyAdd(p, r, p3);
  p = multiplyAdd(p, r, p4);
  p = multiplyAdd(p, r, p5);
  return multiplyAdd(p, fround(r * r), r);
}

function within(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

function exponential(value: number): number {
  const x = within(value, -87, 88);
  const whole = wholePart(x);
  const scale = powerOfTwo(whole);
  return multiplyAdd(scale, remainder(x, whole), scale);
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: number): number {
  return fround(1 / fround(1 + exponential(-x)));
}

/** tanh x = m / (m + 2) with m = e^2x - 1, which keeps its digits near zero. */
export function tanh(value: number): number {
  const x = within(fround(value + value), -20, 20);
  const whole = wholePart(x);
  const scale = powerOfTwo(whole);
  const m = multiplyAdd(scale, remainder(x, whole), fround(scale - 1));
  return fround(m / fround(m + 2));
}
