import { elementBytes } from './classes.ts';
import { cutShort, damaged } from './errors.ts';
import type { T7Source } from './source.ts';
import type { ElementType, T7Storage } from './values.ts';

/** A binary .t7 file: little-endian, int 4 bytes, long and double 8. */
export class BinarySource implements T7Source {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  int(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  long(): number {
    const value = Number(this.#view.getBigInt64(this.#take(8), true));
    if (!Number.isSafeInteger(value)) throw damaged('it holds a size that no file can have');
    return value;
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(length: number): string {
    const start = this.#take(length);
    return latin1(this.#bytes.subarray(start, start + length));
  }

  skip(length: number): void {
    this.#take(length);
  }

  storage(type: ElementType, count: number): T7Storage {
    const width = elementBytes[type];
    if (count < 0 || count * width > this.left) throw cutShort();
    const start = this.#take(count * width);
    const read = readers[type];
    const view = this.#view;
    return { kind: 'storage', count, at: (index) => read(view, start + index * width) };
  }

  #take(length: number): number {
    if (length < 0 || length > this.left) throw cutShort();
    const start = this.#position;
    this.#position += length;
    return start;
  }
}

const readers: Readonly<Record<ElementType, (view: DataView, at: number) => number>> = {
  double: (view, at) => view.getFloat64(at, true),
  float: (view, at) => view.getFloat32(at, true),
  half: (view, at) => halfOf(view.getUint16(at, true)),
  long: (view, at) => Number(view.getBigInt64(at, true)),
  int: (view, at) => view.getInt32(at, true),
  short: (view, at) => view.getInt16(at, true),
  byte: (view, at) => view.getUint8(at),
  char: (view, at) => view.getInt8(at),
};

/** A half-precision number (IEEE 754 binary16) from its bits. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** One code unit for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  // String.fromCharCode takes its arguments on the stack.
  for (let start = 0; start < bytes.length; start += 4096) {
    text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  }
  return text;
}
