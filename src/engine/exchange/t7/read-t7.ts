import { AsciiSource } from './ascii-source.ts';
import { BinarySource } from './binary-source.ts';
import { numberClass } from './classes.ts';
import { cutShort, damaged } from './errors.ts';
import type { T7Source } from './source.ts';
import { checkTensor } from './tensors.ts';
import { isStorage, isTable, T7Table, type T7Object, type T7Tensor, type T7Value } from './values.ts';

/** The tag before a value. Functions have been written in three ways; the first has no index. */
const tags = {
  ...({ nil: 0, number: 1, string: 2, table: 3, object: 4, boolean: 5 } as const),
  ...({ oldFunction: 6, function: 7, newFunction: 8 } as const),
} as const;
/** Minimum size in bytes of a pair in a table. */
const smallestPair = 4;
/** Tensors of the supported models have at most three. */
const maxDimensions = 16;
/** The losses of a million iterations are two million values; a graph has a few thousand. */
const maxValues = 30_000_000;

/** A value that has been started and waits for its parts. */
interface Open {
  /** Number of parts still to come. */
  left: number;
  readonly take: (value: T7Value) => void;
}

/** Whether the first bytes are those of a .t7 file with a table or an object, binary or ASCII. */
export function looksLikeT7(bytes: Uint8Array): boolean {
  return isAscii(bytes) || isBinary(bytes);
}

/**
 * Reads a whole .t7 file, binary or ASCII. Nothing in it is run or trusted: counts and sizes are limited by the rest of the file, and nested values
 * use an explicit stack of any depth.
 * @throws CharloomError('bad-checkpoint')
 */
export function readT7(bytes: Uint8Array): T7Value {
  return new Reader(isAscii(bytes) ? new AsciiSource(bytes) : new BinarySource(bytes)).read();
}

function isBinary(bytes: Uint8Array): boolean {
  const [tag, ...zeros] = bytes.subarray(0, 4);
  const index = bytes.subarray(4, 8);
  return (
    (tag === tags.table || tag === tags.object) &&
    zeros.every((byte) => byte === 0) &&
    index.join() === '1,0,0,0'
  );
}

/** `3\n1\n` or `4\n1\n`: the tag and the first index as words. */
function isAscii(bytes: Uint8Array): boolean {
  const [tag, ...rest] = bytes.subarray(0, 4);
  return (tag === 0x33 || tag === 0x34) && rest.join() === '10,49,10';
}

class Reader {
  readonly #source: T7Source;
  /** Values by their index in the file, known before they have been read completely: they may contain themselves. */
  readonly #known = new Map<number, T7Value>();
  readonly #open: Open[] = [];
  #values = 0;

  constructor(source: T7Source) {
    this.#source = source;
  }

  read(): T7Value {
    let root: T7Value = null;
    this.#open.push({ left: 1, take: (value) => (root = value) });
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (top.left === 0) {
        this.#open.pop();
        continue;
      }
      top.left--;
      top.take(this.#value());
    }
    if (!this.#source.isAtEnd) throw damaged('bytes at its end belong to nothing');
    return root;
  }

  /** The next value. One that contains others is opened, and filled before anything else is read. */
  #value(): T7Value {
    if (++this.#values > maxValues) throw damaged('it holds more values than any model has');
    const tag = this.#source.int();
    switch (tag) {
      case tags.nil:
        return null;
      case tags.number:
        return this.#source.double();
      case tags.string:
        return this.#text();
      case tags.boolean:
        return this.#source.int() !== 0;
      case tags.table:
        return this.#indexed((index) => this.#table(index));
      case tags.object:
        return this.#indexed((index) => this.#object(index));
      case tags.oldFunction:
        return this.#function();
      case tags.function:
      case tags.newFunction:
        return this.#indexed((index) => this.#know(index, this.#function()));
      default:
        throw damaged('it holds a value of an unknown kind');
    }
  }

  /** An indexed value is read at its first occurrence. */
  #indexed(read: (index: number) => T7Value): T7Value {
    const index = this.#source.int();
    return this.#known.get(index) ?? read(index);
  }

  #know<T extends T7Value>(index: number, value: T): T {
    this.#known.set(index, value);
    return value;
  }

  #table(index: number): T7Table {
    const table = this.#know(index, new T7Table());
    const pairs = this.#source.int();
    if (pairs < 0 || pairs * smallestPair > this.#source.left) throw cutShort();
    let key: T7Value = null;
    const take = (value: T7Value): void => {
      if (key !== null) {
        table.entries.set(key, value);
        key = null;
      } else if (value === null) throw damaged('it holds a table with a key that is nothing');
      else key = value;
    };
    this.#open.push({ left: 2 * pairs, take });
    return table;
  }

  /** Skips the bytecode, and reads the values that the function uses. */
  #function(): T7Value {
    this.#source.skip(this.#source.int());
    this.#open.push({ left: 1, take: () => undefined });
    return { kind: 'function' };
  }

  #object(index: number): T7Value {
    const first = this.#text();
    // Files of Torch's first releases have no version before the class.
    const className = /^V \d+$/.test(first) ? this.#text() : first;
    const numbers = numberClass(className);
    if (numbers?.kind === 'storage') {
      return this.#know(index, this.#source.storage(numbers.type, this.#source.long()));
    }
    return numbers?.kind === 'tensor' ? this.#tensor(index) : this.#other(index, className);
  }

  #tensor(index: number): T7Tensor {
    const dimensions = this.#source.int();
    if (dimensions < 0 || dimensions > maxDimensions) {
      throw damaged('it holds a tensor with more dimensions than any model has');
    }
    const shape = Array.from({ length: dimensions }, () => this.#source.long());
    const strides = Array.from({ length: dimensions }, () => this.#source.long());
    const start = this.#source.long() - 1;
    const tensor: T7Tensor = this.#know(index, { kind: 'tensor', shape, strides, start, storage: null });
    const take = (value: T7Value): void => {
      if (value !== null && !isStorage(value)) throw damaged('it holds a tensor without numbers');
      tensor.storage = value;
      checkTensor(tensor);
    };
    this.#open.push({ left: 1, take });
    return tensor;
  }

  /** Every other class is stored as one value, a table. */
  #other(index: number, className: string): T7Object {
    const object: T7Object = this.#know(index, { kind: 'object', className, fields: null });
    this.#open.push({ left: 1, take: (value) => (object.fields = isTable(value) ? value : null) });
    return object;
  }

  #text(): string {
    return this.#source.text(this.#source.int());
  }
}
