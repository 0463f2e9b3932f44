import type { ElementType } from './values.ts';

/** Bytes of a number in a binary file. */
export const elementBytes: Readonly<Record<ElementType, number>> = {
  double: 8,
  float: 4,
  half: 2,
  long: 8,
  int: 4,
  short: 2,
  byte: 1,
  char: 1,
};

/** Number types by the name of their tensor class. GPU tensors without a type in their name are float32. */
const types: Readonly<Record<string, ElementType>> = {
  Double: 'double',
  Float: 'float',
  Half: 'half',
  Long: 'long',
  Int: 'int',
  Short: 'short',
  Byte: 'byte',
  Char: 'char',
  Cuda: 'float',
  Cl: 'float',
  CudaDouble: 'double',
  CudaHalf: 'half',
  CudaLong: 'long',
  CudaInt: 'int',
  CudaShort: 'short',
  CudaByte: 'byte',
  CudaChar: 'char',
};

export interface NumberClass {
  readonly kind: 'tensor' | 'storage';
  readonly type: ElementType;
}

/** The meaning of a tensor or storage class; undefined for any other class. */
export function numberClass(className: string): NumberClass | undefined {
  const match = /^torch\.([A-Za-z]+?)(Tensor|Storage)$/.exec(className);
  const name = match?.[1] ?? '';
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return type === undefined ? undefined : { kind: match?.[2] === 'Tensor' ? 'tensor' : 'storage', type };
}
