import { bytesField, concatenate, floatField, integerField, type Message } from '../../../protobuf/write.ts';

/** TensorFlow's number for an element type (tensorflow/core/framework/types.proto). */
export const dataType = { float32: 1, int32: 3, bool: 10, resource: 20 } as const;
export type DataTypeName = keyof typeof dataType;

/** One output of a node, as TensorFlow writes it: `name:index`. */
export type Output = string;

/** A node's attribute, tagged by which field of AttrValue it fills. */
export type Attribute =
  | { readonly type: DataTypeName }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: readonly number[] }
  | { readonly constant: Constant };

/** A tensor written into the graph itself. */
export interface Constant {
  readonly type: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * A TensorFlow graph under construction. It is serialised as a SavedModel, the only form in which the Node.js package accepts a whole graph. Nothing
 * runs here: these are plain values, so graphs are built and tested without TensorFlow.
 */
export class Graph {
  readonly #nodes: Message[] = [];
  readonly #names = new Set<string>();

  /** Number of nodes so far, which determines the preparation time of the first run. */
  get size(): number {
    return this.#nodes.length;
  }

  /**
   * Adds a node of TensorFlow's operation `op` and returns its name. `after` names its control inputs: nodes that must run before it but pass it no
   * value.
   */
  node(
    op: string,
    inputs: readonly Output[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: { readonly name?: string; readonly after?: readonly string[] } = {},
  ): string {
    const name = options.name ?? `${op}_${this.#nodes.length}`;
    if (this.#names.has(name)) throw new Error(`the graph already has a node named ${name}`);
    this.#names.add(name);
    this.#nodes.push(
      concatenate([
        bytesField(1, name),
        bytesField(2, op),
        ...inputs.map((input) => bytesField(3, input)),
        ...(options.after ?? []).map((node) => bytesField(3, `^${node}`)),
        ...Object.entries(attributes).map(([key, value]) =>
          bytesField(5, concatenate([bytesField(1, key), bytesField(2, encodeAttribute(value))])),
        ),
      ]),
    );
    return name;
  }

  /** The graph as the contents of a `saved_model.pb` with the tag `serve` and no variables to restore. */
  toSavedModel(): Uint8Array {
    // 1087 is the producer version of TensorFlow 2.9, the oldest library Charloom loads; newer ones accept it.
    const versions = bytesField(4, integerField(1, 1087));
    const graph = concatenate([...this.#nodes.map((node) => bytesField(1, node)), versions]);
    const information = bytesField(1, bytesField(4, savedModelTag));
    const metaGraph = concatenate([information, bytesField(2, graph)]);
    return concatenate([integerField(1, 1), bytesField(2, metaGraph)]);
  }
}

/** The tag by which the graph is loaded. */
export const savedModelTag = 'serve';

function encodeAttribute(attribute: Attribute): Message {
  if ('type' in attribute) return integerField(6, dataType[attribute.type]);
  if ('int' in attribute) return integerField(3, attribute.int);
  if ('float' in attribute) return floatField(4, attribute.float);
  if ('bool' in attribute) return integerField(5, attribute.bool);
  if ('text' in attribute) return bytesField(2, attribute.text);
  if ('shape' in attribute) return bytesField(7, encodeShape(attribute.shape));
  return bytesField(8, encodeConstant(attribute.constant));
}

function encodeShape(shape: readonly number[]): Message {
  return concatenate(shape.map((size) => bytesField(2, integerField(1, size))));
}

function encodeConstant({ type, shape, values }: Constant): Message {
  const content = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) =>
    type === 'float32'
      ? content.setFloat32(index * 4, value, true)
      : content.setInt32(index * 4, value, true),
  );
  return concatenate([
    integerField(1, dataType[type]),
    bytesField(2, encodeShape(shape)),
    bytesField(4, new Uint8Array(content.buffer)),
  ]);
}
