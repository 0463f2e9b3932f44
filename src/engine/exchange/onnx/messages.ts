import { bytesField, concatenate, floatField, integerField, type Message } from '../../protobuf/write.ts';
import { bytesOf } from '../arrays.ts';

/** The messages of an ONNX file (onnx.proto3), as far as a recurrent network needs them. Field numbers are those of the schema. */

/** Element types of TensorProto. */
export const elementType = { float32: 1, int64: 7 } as const;
export type ElementType = keyof typeof elementType;

/** The AttributeProto types used here. */
const attributeType = { float: 1, integer: 2, integers: 7 } as const;

/** An attribute of a node: an integer, a list of integers, or a number marked as a float. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** A node of GraphProto. An input '' is absent. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Message {
  return bytesField(
    1,
    concatenate([
      ...inputs.map((input) => bytesField(1, input)),
      ...outputs.map((output) => bytesField(2, output)),
      // Every value has one producer, so its name identifies the node.
      bytesField(3, `${operator}_${outputs[0] ?? ''}`),
      bytesField(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
    ]),
  );
}

function attribute(name: string, value: Attribute): Message {
  const label = bytesField(1, name);
  if (typeof value === 'number') {
    return concatenate([label, integerField(3, value), integerField(20, attributeType.integer)]);
  }
  if ('float' in value) {
    return concatenate([label, floatField(2, value.float), integerField(20, attributeType.float)]);
  }
  const values = value.map((item) => integerField(8, item));
  return concatenate([label, ...values, integerField(20, attributeType.integers)]);
}

/** A constant of the graph. */
export function floats(name: string, shape: readonly number[], data: Float32Array): Message {
  return initializer(name, shape, 'float32', bytesOf(data));
}

/** A constant of integers. */
export function integers(name: string, values: readonly number[]): Message {
  const data = BigInt64Array.from(values, BigInt);
  return initializer(name, [values.length], 'int64', new Uint8Array(data.buffer));
}

function initializer(name: string, shape: readonly number[], type: ElementType, data: Uint8Array): Message {
  return bytesField(
    5,
    concatenate([
      ...shape.map((size) => integerField(1, size)),
      integerField(2, elementType[type]),
      bytesField(8, name),
      bytesField(9, data),
    ]),
  );
}

/** An input of the graph. A dimension is a size, or the name of a free dimension. */
export function input(name: string, type: ElementType, shape: readonly (number | string)[]): Message {
  return bytesField(11, value(name, type, shape));
}

/** An output of the graph. */
export function output(name: string, shape: readonly (number | string)[]): Message {
  return bytesField(12, value(name, 'float32', shape));
}

function value(name: string, type: ElementType, shape: readonly (number | string)[]): Message {
  const dimensions = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? integerField(1, size) : bytesField(2, size)),
  );
  const tensor = concatenate([integerField(1, elementType[type]), bytesField(2, concatenate(dimensions))]);
  return concatenate([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}

export interface OnnxModel {
  /** Nodes, initializers, inputs and outputs, in any order. */
  readonly graph: readonly Message[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string;
  readonly version: string;
}

/** Version 7 of the file format belongs to opset 13 and 14; every reader of those knows it. */
const fileVersion = 7;
export const operatorSet = 14;

/** A whole file. */
export function modelFile({ graph, metadata, description, version }: OnnxModel): Message {
  return concatenate([
    integerField(1, fileVersion),
    bytesField(2, 'Charloom'),
    bytesField(3, version),
    bytesField(6, description),
    bytesField(7, concatenate([...graph, bytesField(2, 'charloom')])),
    bytesField(8, concatenate([bytesField(1, ''), integerField(2, operatorSet)])),
    ...Object.entries(metadata).map(([key, text]) =>
      bytesField(14, concatenate([bytesField(1, key), bytesField(2, text)])),
    ),
  ]);
}
