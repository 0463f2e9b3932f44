/**
 * The few parts of the protocol-buffer wire format that TensorFlow graphs and ONNX models need (https://protobuf.dev/programming-guides/encoding):
 * a message is a run of (field number, wire type, value); nested messages and strings are length-prefixed bytes.
 */
export type Message = Uint8Array;

const utf8 = new TextEncoder();
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A varint field: an integer, an enum member or a boolean. Negative numbers take ten bytes, as the format demands. */
export function integerField(field: number, value: number | boolean): Message {
  return concatenate([varint(field * 8 + VARINT), varint(Number(value))]);
}

/** A 32-bit float field. */
export function floatField(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concatenate([varint(field * 8 + FIXED32), bytes]);
}

/** A field of bytes, text, or a nested message. */
export function bytesField(field: number, value: Uint8Array | string): Message {
  const bytes = typeof value === 'string' ? utf8.encode(value) : value;
  return concatenate([varint(field * 8 + BYTES), varint(bytes.length), bytes]);
}

/** A message is the concatenation of its fields. */
export function concatenate(parts: readonly Uint8Array[]): Message {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
