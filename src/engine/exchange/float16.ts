/** Half-precision numbers (IEEE 754 binary16): 1 bit for the sign, 5 for the exponent, 10 for the fraction. */

const largest = 65_504;
/** The smallest normal number is 2^-14; smaller numbers are multiples of 2^-24. */
const leastExponent = -14;
const fractionBits = 10;
const bias = 15;

/** Rounds to the nearest half-precision number, ties to even. Numbers beyond the largest become the largest. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.min(Math.abs(value), largest);
  if (Number.isNaN(size)) return sign | 0x7e00;
  const exponent = Math.max(leastExponent, Math.floor(Math.log2(size)));
  // In units in the last place. A fraction that rounds up to the next power of two carries into the exponent.
  const units = roundToEven(size / 2 ** (exponent - fractionBits));
  const isSubnormal = units < 2 ** fractionBits;
  return sign | (isSubnormal ? units : ((exponent + bias - 1) << fractionBits) + units);
}

/** The number represented by these bits. */
export function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> fractionBits) & 31;
  const fraction = bits & (2 ** fractionBits - 1);
  if (exponent === 0) return sign * fraction * 2 ** (leastExponent - fractionBits);
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
