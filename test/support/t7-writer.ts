/**
 * Writes .t7 files as Torch does (binary, little-endian): what tests need and the original programs have not left, graphs of older layouts and
 * hostile files among them.
 */
export type Written =
  | null
  | number
  | boolean
  | string
  | { readonly table: readonly (readonly [Written, Written])[] }
  | { readonly className: string; fields: Written }
  /** A torch.LongStorage. */
  | { readonly sizes: readonly number[] }
  /** A tensor, its numbers row by row. */
  | { readonly shape: readonly number[]; readonly numbers: readonly number[] };

/** A table with names as keys. */
export function named(entries: Readonly<Record<string, Written>>): Written {
  return { table: Object.entries(entries) };
}

/** A table with 1, 2, 3 and so on as keys. */
export function listed(values: readonly Written[]): Written {
  return { table: values.map((value, index) => [index + 1, value] as const) };
}

export function object(className: string, fields: Readonly<Record<string, Written>> = {}): Written {
  return { className, fields: named(fields) };
}

export class T7Writer {
  #pieces: Buffer[] = [];
  readonly #indices = new Map<object, number>();
  #count = 0;

  static file(root: Written): Buffer {
    const writer = new T7Writer();
    writer.value(root);
    return writer.bytes;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  value(value: Written): void {
    if (value === null) this.int(0);
    else if (typeof value === 'number') this.int(1).double(value);
    else if (typeof value === 'string') this.int(2).text(value);
    else if (typeof value === 'boolean') this.int(5).int(Number(value));
    else if ('table' in value) this.#table(value);
    else if ('className' in value) this.#object(value);
    else if ('sizes' in value) this.#sizes(value);
    else this.#tensor(value);
  }

  int(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return this.#add(bytes);
  }

  long(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return this.#add(bytes);
  }

  double(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.#add(bytes);
  }

  text(text: string): this {
    return this.int(text.length).#add(Buffer.from(text, 'latin1'));
  }

  #add(bytes: Buffer): this {
    this.#pieces.push(bytes);
    return this;
  }

  /** Whether it was written before; then only its index is. */
  #isKnown(tag: number, value: object): boolean {
    const known = this.#indices.get(value);
    const index = known ?? ++this.#count;
    this.#indices.set(value, index);
    this.int(tag).int(index);
    return known !== undefined;
  }

  #table(value: Extract<Written, { table: unknown }>): void {
    if (this.#isKnown(3, value)) return;
    this.int(value.table.length);
    for (const [key, entry] of value.table) {
      this.value(key);
      this.value(entry);
    }
  }

  #object(value: Extract<Written, { className: unknown }>): void {
    if (this.#isKnown(4, value)) return;
    this.text('V 1').text(value.className);
    this.value(value.fields);
  }

  #sizes(value: Extract<Written, { sizes: unknown }>): void {
    if (this.#isKnown(4, value)) return;
    this.text('V 1').text('torch.LongStorage').long(value.sizes.length);
    for (const size of value.sizes) this.long(size);
  }

  #tensor(value: Extract<Written, { shape: unknown }>): void {
    if (this.#isKnown(4, value)) return;
    const { shape, numbers } = value;
    this.text('V 1').text('torch.DoubleTensor').int(shape.length);
    for (const size of shape) this.long(size);
    shape.forEach((_, index) =>
      this.long(shape.slice(index + 1).reduce((product, size) => product * size, 1)),
    );
    this.long(1);
    this.int(4).int(++this.#count);
    this.text('V 1').text('torch.DoubleStorage').long(numbers.length);
    for (const number of numbers) this.double(number);
  }
}
