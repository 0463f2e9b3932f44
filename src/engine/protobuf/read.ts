/** One field of a message: an integer, four bytes of a float, or bytes (text, a nested message, packed numbers). */
export type Field =
  | { readonly number: number; readonly kind: 'integer'; readonly value: number }
  | { readonly number: number; readonly kind: 'float'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Uint8Array };

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The fields of a message that write.ts can have written, in their order.
 * @throws RangeError if the bytes are not such a message
 */
export function readFields(message: Uint8Array): readonly Field[] {
  const reader = new Reader(message);
  const fields: Field[] = [];
  while (!reader.isAtEnd) fields.push(readField(reader));
  return fields;
}

function readField(reader: Reader): Field {
  const key = reader.varint();
  const number = Math.floor(key / 8);
  switch (key % 8) {
    case VARINT:
      return { number, kind: 'integer', value: reader.varint() };
    case FIXED32:
      return { number, kind: 'float', value: reader.float() };
    case BYTES:
      return { number, kind: 'bytes', value: reader.bytes(reader.varint()) };
    default:
      throw new RangeError(`a field of wire type ${key % 8} is not read here`);
  }
}

class Reader {
  readonly #message: Uint8Array;
  #position = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#message.length;
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#message[this.#position++];
      if (byte === undefined) throw new RangeError('the message is cut short');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('an integer takes more than ten bytes');
  }

  float(): number {
    const bytes = this.bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  }

  bytes(length: number): Uint8Array {
    const end = this.#position + length;
    if (length < 0 || end > this.#message.length) throw new RangeError('the message is cut short');
    const bytes = this.#message.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }
}
