import { latin1 } from './binary-source.ts';
import { cutShort, damaged } from './errors.ts';
import type { T7Source } from './source.ts';
import type { ElementType, T7Storage } from './values.ts';

const newline = 0x0a;
/** No number that Torch writes is longer. */
const maxDigits = 64;

/** A .t7 file in Torch's ASCII format: numbers as words, each value followed by a line end; strings and bytes unchanged. */
export class AsciiSource implements T7Source {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  int(): number {
    return this.long();
  }

  long(): number {
    const value = this.#number();
    if (!Number.isSafeInteger(value)) throw damaged('it holds a size that no file can have');
    this.#endValue();
    return value;
  }

  double(): number {
    const value = this.#number();
    this.#endValue();
    return value;
  }

  text(length: number): string {
    return latin1(this.#raw(length));
  }

  skip(length: number): void {
    this.#raw(length);
  }

  storage(type: ElementType, count: number): T7Storage {
    // Torch writes bytes unchanged in this format too; any other number takes at least a digit and the character after it.
    const isRaw = type === 'byte' || type === 'char';
    if (count < 0 || (isRaw ? count : 2 * count) > this.left) throw cutShort();
    const values = isRaw ? this.#rawNumbers(type, count) : this.#numbers(count);
    return { kind: 'storage', count, at: (index) => values[index] ?? 0 };
  }

  #numbers(count: number): Float64Array {
    const values = new Float64Array(count);
    for (let index = 0; index < count; index++) values[index] = this.#number();
    if (count > 0) this.#endValue();
    return values;
  }

  #rawNumbers(type: 'byte' | 'char', count: number): Uint8Array | Int8Array {
    const bytes = this.#raw(count);
    return type === 'byte' ? bytes : new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #raw(length: number): Uint8Array {
    if (length < 0 || length > this.left) throw cutShort();
    const start = this.#position;
    this.#position += length;
    if (length > 0) this.#endValue();
    return this.#bytes.subarray(start, start + length);
  }

  #number(): number {
    while (isSpace(this.#bytes[this.#position])) this.#position++;
    const start = this.#position;
    while (this.left > 0 && !isSpace(this.#bytes[this.#position]) && this.#position - start <= maxDigits) {
      this.#position++;
    }
    const word = latin1(this.#bytes.subarray(start, this.#position));
    if (word === '') throw cutShort();
    if (/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(word)) return Number(word);
    if (/^[+-]?inf(inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
    if (/^[+-]?nan/i.test(word)) return Number.NaN;
    throw damaged('it holds something else where a number belongs');
  }

  /** Torch reads one line end after a value, if there is one. */
  #endValue(): void {
    if (this.#bytes[this.#position] === newline) this.#position++;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
