import { readFields, type Field } from '../../protobuf/read.ts';
import { numbersIn } from '../arrays.ts';
import { elementType } from './messages.ts';

/** A node of a graph as stored in a file. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers and lists of integers. */
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}

/** The contents of a graph; integer constants stay integers. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Float64Array>;
  readonly inputs: readonly OnnxInput[];
}

/** An input of the graph; a dimension without a fixed size is null. */
export interface OnnxInput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** Reads a file that messages.ts has written. Throws RangeError for any other. */
export function readOnnx(file: Uint8Array): OnnxGraph {
  const graph = readFields(first(readFields(file), 7));
  return {
    nodes: all(graph, 1).map(readNode),
    constants: new Map(all(graph, 5).map(readConstant)),
    inputs: all(graph, 11).map(readInput),
  };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const fields = readFields(bytes);
  return {
    operator: text(first(fields, 4)),
    inputs: all(fields, 1).map(text),
    outputs: all(fields, 2).map(text),
    attributes: new Map(all(fields, 5).map(readAttribute)),
  };
}

function readAttribute(bytes: Uint8Array): [string, readonly number[]] {
  const fields = readFields(bytes);
  return [text(first(fields, 1)), [...numbers(fields, 3), ...numbers(fields, 8)]];
}

function readConstant(bytes: Uint8Array): [string, Float64Array] {
  const fields = readFields(bytes);
  const [type] = numbers(fields, 2);
  const raw = first(fields, 9);
  const values =
    type === elementType.int64
      ? Float64Array.from(new BigInt64Array(new Uint8Array(raw).buffer), Number)
      : Float64Array.from(numbersIn(raw));
  const size = numbers(fields, 1).reduce((total, dimension) => total * dimension, 1);
  if (size !== values.length) throw new RangeError('a constant has another size than its shape says');
  return [text(first(fields, 8)), values];
}

function readInput(bytes: Uint8Array): OnnxInput {
  const fields = readFields(bytes);
  const tensor = readFields(first(readFields(first(fields, 2)), 1));
  const dimensions = all(readFields(first(tensor, 2)), 1);
  return {
    name: text(first(fields, 1)),
    shape: dimensions.map((dimension) => numbers(readFields(dimension), 1)[0] ?? null),
  };
}

function all(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && field.kind === 'bytes' ? [field.value] : []));
}

function first(fields: readonly Field[], number: number): Uint8Array {
  const [found] = all(fields, number);
  if (found === undefined) throw new RangeError(`field ${number} is missing`);
  return found;
}

function numbers(fields: readonly Field[], number: number): readonly number[] {
  return fields.flatMap((field) => (field.number === number && field.kind !== 'bytes' ? [field.value] : []));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
