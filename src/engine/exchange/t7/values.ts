/**
 * The values of a .t7 file (Torch 7's serialisation). Strings are bytes: one code unit from U+0000 to U+00FF for each. The same table or object may
 * occur in several places, even within itself, so code that traverses values must not loop for ever.
 */
export type T7Value =
  null | number | boolean | string | T7Table | T7Object | T7Tensor | T7Storage | T7Function;

/** A Lua table. Its keys are numbers, strings, booleans, or other values by their identity. */
export class T7Table {
  readonly kind = 'table';
  readonly entries = new Map<T7Value, T7Value>();

  get(key: T7Value): T7Value {
    return this.entries.get(key) ?? null;
  }

  /** The entries 1, 2, 3 and so on. */
  list(): readonly T7Value[] {
    const values: T7Value[] = [];
    while (this.entries.has(values.length + 1)) values.push(this.get(values.length + 1));
    return values;
  }
}

/** An object of a class other than a tensor: all of them are stored as a table of their fields. */
export interface T7Object {
  readonly kind: 'object';
  readonly className: string;
  /** Null until it has been read, and where the class stores something else. */
  fields: T7Table | null;
}

/** How numbers are stored. */
export type ElementType = 'double' | 'float' | 'half' | 'long' | 'int' | 'short' | 'byte' | 'char';

/** A sequence of numbers. They are decoded on access: most of a file is gradients and buffers. */
export interface T7Storage {
  readonly kind: 'storage';
  readonly count: number;
  /** @param index from 0, below `count` */
  at(index: number): number;
}

/** A view of a storage. */
export interface T7Tensor {
  readonly kind: 'tensor';
  readonly shape: readonly number[];
  /** Steps in the storage, one for each dimension. */
  readonly strides: readonly number[];
  /** Where it starts in the storage, from 0. */
  readonly start: number;
  storage: T7Storage | null;
}

/** A Lua function: its code is skipped and never kept. */
export interface T7Function {
  readonly kind: 'function';
}

/** Whether a value is a table. */
export function isTable(value: T7Value): value is T7Table {
  return value instanceof T7Table;
}

/** Whether a value is an object of a class. */
export function isObject(value: T7Value): value is T7Object {
  return isKind(value, 'object');
}

/** Whether a value is a tensor. */
export function isTensor(value: T7Value): value is T7Tensor {
  return isKind(value, 'tensor');
}

/** Whether a value is a storage. */
export function isStorage(value: T7Value): value is T7Storage {
  return isKind(value, 'storage');
}

function isKind(value: T7Value, kind: string): boolean {
  return typeof value === 'object' && value !== null && value.kind === kind;
}
